using System.Buffers.Binary;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sftp.Wire;
using Blackwall.Tarpit.Shell;
using Blackwall.Tarpit.Shell.Commands;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Sftp;

/// <summary>Answers the messages of one SFTP session: version 3 with OpenSSH's extensions. Names are bytes, one a character (Latin-1).</summary>
internal sealed class SftpDispatcher
{
    public const int LargestMessage = 256 * 1024;

    private const int MostNumbers = 1024;

    private static readonly (string Name, string Version)[] s_extensions =
    [
        ("posix-rename@openssh.com", "1"), ("statvfs@openssh.com", "2"), ("fstatvfs@openssh.com", "2"), ("hardlink@openssh.com", "1"), ("fsync@openssh.com", "1"),
        ("lsetstat@openssh.com", "1"), ("limits@openssh.com", "1"), ("expand-path@openssh.com", "1"), ("copy-data", "1"), ("home-directory", "1"), ("users-groups-by-id@openssh.com", "1"),
    ];

    private readonly Visit _visit;
    private readonly SftpTree _tree;
    private readonly SftpHandles _handles;

    public SftpDispatcher(Visit visit, ISessionLog log)
    {
        _visit = visit;
        _tree = new SftpTree(visit);
        _handles = new SftpHandles(visit, _tree, log);
    }

    /// <summary>The answer to a message without its length; null: the peer broke the protocol.</summary>
    public SshWriter? Answer(ReadOnlySpan<byte> message)
    {
        SshReader reader = new(message);
        SftpMessage type = (SftpMessage)reader.Byte();
        uint request = reader.UInt32();
        if (reader.Failed)
        {
            return null;
        }

        SshWriter answer = type switch
        {
            SftpMessage.Init => Version(),
            SftpMessage.Open => _handles.Open(request, Path(ref reader), reader.UInt32(), SftpAttributes.Read(ref reader)),
            SftpMessage.Close => _handles.Close(request, ref reader),
            SftpMessage.Read => _handles.Read(request, ref reader),
            SftpMessage.Write => _handles.Write(request, ref reader),
            SftpMessage.Stat or SftpMessage.LinkStat => SftpAnswers.Attributes(request, _visit.Files.Find(Path(ref reader), follow: type == SftpMessage.Stat)),
            SftpMessage.HandleStat => _handles.GetAttributes(request, ref reader),
            SftpMessage.SetStat => _tree.SetAttributes(request, Path(ref reader), SftpAttributes.Read(ref reader)),
            SftpMessage.SetHandleStat => _handles.SetAttributes(request, ref reader),
            SftpMessage.OpenFolder => _handles.OpenFolder(request, Path(ref reader)),
            SftpMessage.ReadFolder => _handles.ReadFolder(request, ref reader),
            SftpMessage.Remove => _tree.Remove(request, Path(ref reader), wantsFolder: false),
            SftpMessage.RemoveFolder => _tree.Remove(request, Path(ref reader), wantsFolder: true),
            SftpMessage.MakeFolder => _tree.MakeFolder(request, Path(ref reader)),
            SftpMessage.RealPath => SftpAnswers.Name(request, Path(ref reader)),
            SftpMessage.Rename => _tree.Rename(request, Path(ref reader), Path(ref reader), overwrites: false),
            SftpMessage.ReadLink => _visit.Files.Find(Path(ref reader), follow: false) is LinkNode link ? SftpAnswers.Name(request, link.Target) : SftpAnswers.Status(request, SftpStatus.NoSuchFile),
            SftpMessage.SymbolicLink => _tree.LinkSymbolically(request, Name(ref reader), Path(ref reader)),
            SftpMessage.Extended => Extended(request, ref reader),
            _ => SftpAnswers.Status(request, SftpStatus.Unsupported),
        };
        return reader.Failed ? SftpAnswers.Status(request, SftpStatus.BadMessage) : answer;
    }

    /// <summary>The session ends.</summary>
    public void End() => _handles.CloseAll();

    private static SshWriter Version()
    {
        SshWriter version = new SshWriter(512).Byte((byte)SftpMessage.Version).UInt32(3);
        foreach ((string name, string value) in s_extensions)
        {
            version.Text(name).Text(value);
        }

        return version;
    }

    private SshWriter Extended(uint request, ref SshReader reader)
    {
        switch (reader.Text())
        {
            case "posix-rename@openssh.com":
                return _tree.Rename(request, Path(ref reader), Path(ref reader), overwrites: true);
            case "hardlink@openssh.com":
                return _tree.Link(request, Path(ref reader), Path(ref reader));
            case "fsync@openssh.com":
                return SftpAnswers.Status(request, _handles.Find(ref reader) is null ? SftpStatus.Failure : SftpStatus.Ok);
            case "lsetstat@openssh.com":
                return _tree.SetAttributes(request, Path(ref reader), SftpAttributes.Read(ref reader));
            case "limits@openssh.com":
                return SftpAnswers.Begin(SftpMessage.ExtendedReply, request).UInt64(LargestMessage).UInt64(SftpHandles.LargestRead).UInt64(SftpHandles.LargestRead).UInt64(SftpHandles.MostHandles);
            case "expand-path@openssh.com":
                return SftpAnswers.Name(request, ExpandPath(Name(ref reader)));
            case "home-directory":
                return _visit.FindHome(Name(ref reader)) is { } home ? SftpAnswers.Name(request, home) : SftpAnswers.Status(request, SftpStatus.Failure);
            case "users-groups-by-id@openssh.com":
                return NamesOf(request, reader.Bytes(), reader.Bytes());
            case "statvfs@openssh.com" or "fstatvfs@openssh.com":
                reader.Bytes();
                return DiskUsage(request);
            default:
                return SftpAnswers.Status(request, SftpStatus.Unsupported);
        }
    }

    private string ExpandPath(string path) => FileSystem.Normalize(
        path is "~" ? _visit.HomeFolder : path.StartsWith("~/", StringComparison.Ordinal) ? _visit.HomeFolder + path[1..] : path, _visit.HomeFolder);

    // Numbers of users and of groups, four bytes each; their names in the same order, empty where there is none (OpenSSH's PROTOCOL, 4.11).
    private SshWriter NamesOf(uint request, ReadOnlySpan<byte> users, ReadOnlySpan<byte> groups)
    {
        if (users.Length > MostNumbers * sizeof(uint) || groups.Length > MostNumbers * sizeof(uint))
        {
            return SftpAnswers.Status(request, SftpStatus.Failure);
        }

        Dictionary<uint, string> userNames = [], groupNames = [];
        foreach ((string name, int id, _, _, _) in Accounts.All(_visit.Files))
        {
            userNames.TryAdd((uint)id, name);
        }

        foreach ((string name, int id, _) in Accounts.Groups(_visit.Files))
        {
            groupNames.TryAdd((uint)id, name);
        }

        return SftpAnswers.Begin(SftpMessage.ExtendedReply, request).Bytes(Names(users, userNames)).Bytes(Names(groups, groupNames));
    }

    private static byte[] Names(ReadOnlySpan<byte> numbers, Dictionary<uint, string> known)
    {
        SshWriter names = new(256);
        for (; numbers.Length >= sizeof(uint); numbers = numbers[sizeof(uint)..])
        {
            names.Text(known.GetValueOrDefault(BinaryPrimitives.ReadUInt32BigEndian(numbers), ""));
        }

        return names.ToArray();
    }

    private SshWriter DiskUsage(uint request)
    {
        ulong blocks = (ulong)_visit.Machine.DiskKilobytes / 4, used = (ulong)(_visit.Machine.DiskUsedKilobytes + (_visit.Files.Added / 1024)) / 4;
        SshWriter answer = SftpAnswers.Begin(SftpMessage.ExtendedReply, request);
        foreach (ulong value in (ReadOnlySpan<ulong>)[4096, 4096, blocks, blocks - used, blocks - used, 3_225_600, 3_111_000, 3_111_000, 64_513, 0, 255])
        {
            answer.UInt64(value);
        }

        return answer;
    }

    private static string Name(ref SshReader reader) => Encoding.Latin1.GetString(reader.Bytes());

    // Relative to the home; links within it are followed by who looks.
    private string Path(ref SshReader reader) => FileSystem.Normalize(Name(ref reader), _visit.HomeFolder);
}
