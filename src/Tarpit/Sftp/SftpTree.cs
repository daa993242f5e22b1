using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Sftp.Wire;
using Blackwall.Tarpit.Shell;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Sftp;

/// <summary>Requests that change files by their paths.</summary>
internal sealed class SftpTree(Visit visit)
{
    /// <summary>Whether entries of the folder that holds this path may be made and removed.</summary>
    public bool MayChange(string path) => visit.Files.Find(Parent(path)) is { } folder && Access.MayWrite(folder, visit.UserId);

    /// <summary>The status where <see cref="MayChange"/> is false.</summary>
    public SftpStatus WhyNotChangeable(string path) => visit.Files.Find(Parent(path)) is null ? SftpStatus.NoSuchFile : SftpStatus.PermissionDenied;

    public SshWriter SetAttributes(uint request, string path, SftpAttributes attributes)
    {
        if (visit.Files.Resolve(path, follow: true, out _) is not (var real, { } node))
        {
            return SftpAnswers.Status(request, SftpStatus.NoSuchFile);
        }

        if (visit.UserId != 0 && node.User != visit.UserId)
        {
            return SftpAnswers.Status(request, SftpStatus.PermissionDenied);
        }

        Node changed = node with
        {
            Mode = attributes.Mode ?? node.Mode,
            User = visit.UserId == 0 ? attributes.User ?? node.User : node.User,
            Group = visit.UserId == 0 ? attributes.Group ?? node.Group : node.Group,
            Modified = attributes.Modified is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : node.Modified,
        };
        if (attributes.Size is { } size && changed is FileNode file)
        {
            byte[] content = file.Content.Read();
            if (size > (ulong)visit.Settings.MaxVisitorBytes)
            {
                return SftpAnswers.Status(request, SftpStatus.Failure);
            }

            Array.Resize(ref content, (int)size);
            changed = file with { Content = new StoredContent(content) };
        }

        return SftpAnswers.Status(request, visit.Files.Put(real, changed));
    }

    public SshWriter Remove(uint request, string path, bool wantsFolder) => visit.Files.Find(path, follow: false) switch
    {
        null => SftpAnswers.Status(request, SftpStatus.NoSuchFile),
        var node when node is FolderNode != wantsFolder => SftpAnswers.Status(request, SftpStatus.Failure),
        _ when !MayChange(path) => SftpAnswers.Status(request, SftpStatus.PermissionDenied),
        _ => SftpAnswers.Status(request, visit.Files.Remove(path)),
    };

    public SshWriter MakeFolder(uint request, string path) => MayChange(path)
        ? SftpAnswers.Status(request, visit.Files.MakeFolder(path, visit.UserId, visit.UserId))
        : SftpAnswers.Status(request, WhyNotChangeable(path));

    public SshWriter Rename(uint request, string from, string to, bool overwrites)
    {
        Node? node = visit.Files.Find(from, follow: false);
        if (node is null)
        {
            return SftpAnswers.Status(request, SftpStatus.NoSuchFile);
        }

        if (!MayChange(from) || !MayChange(to))
        {
            return SftpAnswers.Status(request, SftpStatus.PermissionDenied);
        }

        if ((visit.Files.Find(to, follow: false) is not null && !overwrites) || to.StartsWith(from + "/", StringComparison.Ordinal))
        {
            return SftpAnswers.Status(request, SftpStatus.Failure);
        }

        FileError error = visit.Files.Put(to, node);
        if (error == FileError.None && !string.Equals(from, to, StringComparison.Ordinal))
        {
            visit.Files.Remove(from, recursive: true);
        }

        return SftpAnswers.Status(request, error);
    }

    public SshWriter LinkSymbolically(uint request, string target, string path) => !MayChange(path) ? SftpAnswers.Status(request, SftpStatus.PermissionDenied)
        : visit.Files.Find(path, follow: false) is not null ? SftpAnswers.Status(request, SftpStatus.Failure)
        : SftpAnswers.Status(request, visit.Files.Put(path, new LinkNode(target) { Mode = 0x1FF, User = visit.UserId, Group = visit.UserId, Modified = visit.Machine.Now }));

    public SshWriter Link(uint request, string from, string to) => visit.Files.Find(from) is not { } node ? SftpAnswers.Status(request, SftpStatus.NoSuchFile)
        : visit.Files.Find(to, follow: false) is not null || !MayChange(to) ? SftpAnswers.Status(request, SftpStatus.Failure)
        : SftpAnswers.Status(request, visit.Files.Put(to, node));

    private static string Parent(string path) => path[..Math.Max(1, path.LastIndexOf('/'))];
}
