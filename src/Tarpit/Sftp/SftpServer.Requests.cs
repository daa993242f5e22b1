using System.Globalization;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Sftp.Wire;
using Blackwall.Tarpit.Shell.Commands;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Sftp;

/// <summary>What can be asked for.</summary>
internal sealed partial class SftpServer
{
    private const uint ForWriting = 2, Append = 4, Create = 8, Truncate = 16, Exclusive = 32;

    private SshWriter Open(uint id, ref SshReader reader)
    {
        string path = Path(ref reader);
        uint flags = reader.UInt32();
        SftpAttributes attributes = SftpAttributes.Read(ref reader);
        Node? node = visit.Files.Find(path);
        bool isWritten = (flags & ForWriting) != 0;
        if (node is FolderNode)
        {
            return Status(id, SftpStatus.Failure);
        }

        if (node is null && (flags & Create) == 0)
        {
            return Status(id, SftpStatus.NoSuchFile);
        }

        if (node is not null && (flags & (Create | Exclusive)) == (Create | Exclusive))
        {
            return Status(id, SftpStatus.Failure);
        }

        if (node is null ? !MayChange(path) : isWritten ? !Access.MayWrite(node, visit.UserId) : !Access.MayRead(node, visit.UserId))
        {
            return Status(id, node is null && visit.Files.Find(path[..Math.Max(1, path.LastIndexOf('/'))]) is null ? SftpStatus.NoSuchFile : SftpStatus.PermissionDenied);
        }

        byte[] content = [];
        if (node is not null && (flags & Truncate) == 0)
        {
            visit.Files.Read(path, out content);
        }

        int mode = (attributes.Mode ?? 0x1B6) & ~0x12;
        FileError error = isWritten && (node is null || (flags & Truncate) != 0) ? visit.Files.Write(path, [], visit.UserId, visit.UserId, mode) : FileError.None;
        return error == FileError.None ? Keep(id, new SftpHandle(path, folder: null, content, isWritten, mode) { Appends = (flags & Append) != 0 }) : Status(id, error);
    }

    private SshWriter Read(uint id, ref SshReader reader)
    {
        SftpHandle? handle = Find(ref reader, out _);
        ulong offset = reader.UInt64();
        uint length = reader.UInt32();
        if (handle is not { Entries: null })
        {
            return Status(id, SftpStatus.Failure);
        }

        if (offset >= (ulong)handle.Length)
        {
            return Status(id, SftpStatus.EndOfFile);
        }

        int count = (int)Math.Min(Math.Min(length, LargestRead), (ulong)handle.Length - offset);
        return New(SftpMessage.Data, id).Bytes(handle.Content.AsSpan((int)offset, count));
    }

    private SshWriter Write(uint id, ref SshReader reader)
    {
        SftpHandle? handle = Find(ref reader, out _);
        ulong offset = reader.UInt64();
        ReadOnlySpan<byte> bytes = reader.Bytes();
        return handle is { IsWritten: true } && !reader.Failed && handle.TryWrite(handle.Appends ? (ulong)handle.Length : offset, bytes, visit.Settings.MaxVisitorBytes) ? Status(id, SftpStatus.Ok) : Status(id, SftpStatus.Failure);
    }

    private static SshWriter Attributes(uint id, Node? node)
    {
        if (node is null)
        {
            return Status(id, SftpStatus.NoSuchFile);
        }

        SshWriter answer = New(SftpMessage.Attributes, id);
        SftpAttributes.Write(answer, node);
        return answer;
    }

    private SshWriter HandleStat(uint id, ref SshReader reader)
    {
        if (Find(ref reader, out _) is not { } handle)
        {
            return Status(id, SftpStatus.Failure);
        }

        Node? node = visit.Files.Find(handle.Path);
        return Attributes(id, handle.IsWritten && node is FileNode file ? file with { Content = new Bytes(handle.Content[..handle.Length]) } : node);
    }

    private SshWriter SetHandleStat(uint id, ref SshReader reader)
    {
        SftpHandle? handle = Find(ref reader, out _);
        SftpAttributes attributes = SftpAttributes.Read(ref reader);
        if (handle is null)
        {
            return Status(id, SftpStatus.Failure);
        }

        handle.Mode = attributes.Mode ?? handle.Mode;
        return SetStat(id, handle.Path, attributes with { Size = null });
    }

    private SshWriter SetStat(uint id, string path, SftpAttributes attributes)
    {
        if (visit.Files.Resolve(path, follow: true, out _) is not (var real, { } node))
        {
            return Status(id, SftpStatus.NoSuchFile);
        }

        if (visit.UserId != 0 && node.User != visit.UserId)
        {
            return Status(id, SftpStatus.PermissionDenied);
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
                return Status(id, SftpStatus.Failure);
            }

            Array.Resize(ref content, (int)size);
            changed = file with { Content = new Bytes(content) };
        }

        return Status(id, visit.Files.Put(real, changed));
    }

    private SshWriter OpenFolder(uint id, ref SshReader reader)
    {
        string path = Path(ref reader);
        return visit.Files.Find(path) switch
        {
            FolderNode folder when Access.MayRead(folder, visit.UserId) => Keep(id, new SftpHandle(path, folder, [], isWritten: false, 0)),
            FolderNode => Status(id, SftpStatus.PermissionDenied),
            null => Status(id, SftpStatus.NoSuchFile),
            _ => Status(id, SftpStatus.Failure),
        };
    }

    private SshWriter ReadFolder(uint id, ref SshReader reader)
    {
        if (Find(ref reader, out _) is not { Entries: { } entries })
        {
            return Status(id, SftpStatus.Failure);
        }

        if (entries.Count == 0)
        {
            return Status(id, SftpStatus.EndOfFile);
        }

        int count = Math.Min(entries.Count, NamesInOneAnswer);
        SshWriter answer = New(SftpMessage.Name, id).UInt32((uint)count);
        for (int i = 0; i < count; i++)
        {
            (string name, Node node) = entries.Dequeue();
            long size = node is FileNode file ? file.Content.Size : node is LinkNode link ? link.Target.Length : 4096;
            string when = node.Modified.ToString(node.Modified > visit.Machine.Now.AddDays(-182) ? "MMM dd HH:mm" : "MMM dd  yyyy", CultureInfo.InvariantCulture);
            string line = string.Create(CultureInfo.InvariantCulture, $"{Modes.Text(node)}    ? {Accounts.NameOf(visit.Files, node.User),-8} {Accounts.GroupName(visit.Files, node.Group),-8} {size,8} {when} {name}");
            answer.Bytes(System.Text.Encoding.Latin1.GetBytes(name)).Bytes(System.Text.Encoding.Latin1.GetBytes(line));
            SftpAttributes.Write(answer, node);
        }

        return answer;
    }

    private static SshWriter Names(uint id, string name)
    {
        byte[] bytes = System.Text.Encoding.Latin1.GetBytes(name);
        return New(SftpMessage.Name, id).UInt32(1).Bytes(bytes).Bytes(bytes).UInt32(0);
    }

    private SshWriter RemoveAt(uint id, string path, bool wantsFolder) => visit.Files.Find(path, follow: false) switch
    {
        null => Status(id, SftpStatus.NoSuchFile),
        var node when node is FolderNode != wantsFolder => Status(id, SftpStatus.Failure),
        _ when !MayChange(path) => Status(id, SftpStatus.PermissionDenied),
        _ => Status(id, visit.Files.Remove(path)),
    };

    private SshWriter MakeFolder(uint id, string path) =>
        !MayChange(path) ? Status(id, visit.Files.Find(path[..Math.Max(1, path.LastIndexOf('/'))]) is null ? SftpStatus.NoSuchFile : SftpStatus.PermissionDenied)
        : Status(id, visit.Files.MakeFolder(path, visit.UserId, visit.UserId));

    private SshWriter Rename(uint id, string from, string to, bool overwrite)
    {
        Node? node = visit.Files.Find(from, follow: false);
        if (node is null)
        {
            return Status(id, SftpStatus.NoSuchFile);
        }

        if (!MayChange(from) || !MayChange(to))
        {
            return Status(id, SftpStatus.PermissionDenied);
        }

        if ((visit.Files.Find(to, follow: false) is not null && !overwrite) || to.StartsWith(from + "/", StringComparison.Ordinal))
        {
            return Status(id, SftpStatus.Failure);
        }

        FileError error = visit.Files.Put(to, node);
        if (error == FileError.None && !string.Equals(from, to, StringComparison.Ordinal))
        {
            visit.Files.Remove(from, recursive: true);
        }

        return Status(id, error);
    }

    private SshWriter Link(uint id, string target, string path) => !MayChange(path) ? Status(id, SftpStatus.PermissionDenied)
        : visit.Files.Find(path, follow: false) is not null ? Status(id, SftpStatus.Failure)
        : Status(id, visit.Files.Put(path, new LinkNode(target) { Mode = 0x1FF, User = visit.UserId, Group = visit.UserId, Modified = visit.Machine.Now }));

    private SshWriter Extended(uint id, ref SshReader reader)
    {
        switch (reader.Text())
        {
            case "posix-rename@openssh.com":
                return Rename(id, Path(ref reader), Path(ref reader), overwrite: true);
            case "hardlink@openssh.com":
                string from = Path(ref reader), to = Path(ref reader);
                return visit.Files.Find(from) is not { } node ? Status(id, SftpStatus.NoSuchFile)
                    : visit.Files.Find(to, follow: false) is not null || !MayChange(to) ? Status(id, SftpStatus.Failure) : Status(id, visit.Files.Put(to, node));
            case "fsync@openssh.com":
                return Status(id, Find(ref reader, out _) is null ? SftpStatus.Failure : SftpStatus.Ok);
            case "lsetstat@openssh.com":
                return SetStat(id, Path(ref reader), SftpAttributes.Read(ref reader));
            case "limits@openssh.com":
                return New(SftpMessage.ExtendedReply, id).UInt64(LargestMessage).UInt64(LargestRead).UInt64(LargestRead).UInt64(MostHandles);
            case "expand-path@openssh.com":
                string path = Name(ref reader);
                return Names(id, FileSystem.Normalize(path is "~" ? visit.HomeFolder : path.StartsWith("~/", StringComparison.Ordinal) ? visit.HomeFolder + path[1..] : path, visit.HomeFolder));
            case "home-directory":
                return visit.HomeOf(Name(ref reader)) is { } home ? Names(id, home) : Status(id, SftpStatus.Failure);
            case "statvfs@openssh.com" or "fstatvfs@openssh.com":
                reader.Bytes();
                ulong blocks = (ulong)visit.Machine.DiskKilobytes / 4, used = (ulong)(visit.Machine.DiskUsedKilobytes + (visit.Files.Added / 1024)) / 4;
                SshWriter answer = New(SftpMessage.ExtendedReply, id);
                foreach (ulong value in (ReadOnlySpan<ulong>)[4096, 4096, blocks, blocks - used, blocks - used, 3_225_600, 3_111_000, 3_111_000, 64_513, 0, 255])
                {
                    answer.UInt64(value);
                }

                return answer;
            default:
                return Status(id, SftpStatus.Unsupported);
        }
    }
}
