using System.Buffers.Binary;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Sftp.Wire;
using Blackwall.Tarpit.Shell;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Sftp;

/// <summary>OpenSSH's sftp-server over the files of a visitor: version 3 with its extensions. Names are bytes, one a character (Latin-1).</summary>
internal sealed partial class SftpServer(Visit visit, IProgramIo io, ISessionLog log)
{
    private const int LargestMessage = 256 * 1024;
    private const int LargestRead = 255 * 1024;
    private const int MostHandles = 100;
    private const int NamesInOneAnswer = 100;

    private static readonly (string Name, string Version)[] Extensions =
    [
        ("posix-rename@openssh.com", "1"), ("statvfs@openssh.com", "2"), ("fstatvfs@openssh.com", "2"), ("hardlink@openssh.com", "1"), ("fsync@openssh.com", "1"),
        ("lsetstat@openssh.com", "1"), ("limits@openssh.com", "1"), ("expand-path@openssh.com", "1"), ("copy-data", "1"), ("home-directory", "1"), ("users-groups-by-id@openssh.com", "1"),
    ];

    private readonly Dictionary<uint, SftpHandle> _handles = [];

    /// <summary>Answers until the peer ends.</summary>
    public async Task<ExitStatus> RunAsync(CancellationToken cancellation)
    {
        ShellInput input = ShellInput.From(io);
        while (true)
        {
            byte[] head = await input.ReadExactlyAsync(sizeof(uint), cancellation);
            if (head.Length < sizeof(uint))
            {
                break;
            }

            uint length = BinaryPrimitives.ReadUInt32BigEndian(head);
            if (length is 0 or > LargestMessage)
            {
                return new ExitStatus(11);
            }

            byte[] message = await input.ReadExactlyAsync((int)length, cancellation);
            if (message.Length < length || Answer(message) is not { } answer)
            {
                break;
            }

            byte[] packet = new byte[sizeof(uint) + answer.Written.Length];
            BinaryPrimitives.WriteUInt32BigEndian(packet, (uint)answer.Written.Length);
            answer.Written.CopyTo(packet.AsSpan(sizeof(uint)));
            await io.WriteAsync(packet, cancellation);
        }

        // What was written and not closed is there too, as on a real disk.
        foreach (SftpHandle handle in _handles.Values)
        {
            Close(handle);
        }

        return default;
    }

    private static SshWriter New(SftpMessage message, uint id) => new SshWriter(512).Byte((byte)message).UInt32(id);

    private static SshWriter Status(uint id, SftpStatus status) => New(SftpMessage.Status, id).UInt32((uint)status).Text(status switch
    {
        SftpStatus.Ok => "Success",
        SftpStatus.EndOfFile => "End of file",
        SftpStatus.NoSuchFile => "No such file",
        SftpStatus.PermissionDenied => "Permission denied",
        SftpStatus.BadMessage => "Bad message",
        SftpStatus.Unsupported => "Operation unsupported",
        _ => "Failure",
    }).Text("");

    private static SshWriter Status(uint id, FileError error) => Status(id, error switch
    {
        FileError.None => SftpStatus.Ok,
        FileError.NotFound => SftpStatus.NoSuchFile,
        FileError.NotPermitted => SftpStatus.PermissionDenied,
        _ => SftpStatus.Failure,
    });

    // Null: the peer broke the protocol.
    private SshWriter? Answer(ReadOnlySpan<byte> message)
    {
        SshReader reader = new(message);
        SftpMessage type = (SftpMessage)reader.Byte();
        uint id = reader.UInt32();
        if (reader.Failed)
        {
            return null;
        }

        if (type == SftpMessage.Init)
        {
            SshWriter version = new SshWriter(512).Byte((byte)SftpMessage.Version).UInt32(3);
            foreach ((string name, string value) in Extensions)
            {
                version.Text(name).Text(value);
            }

            return version;
        }

        SshWriter answer = type switch
        {
            SftpMessage.Open => Open(id, ref reader),
            SftpMessage.Close => Find(ref reader, out uint number) is { } handle && _handles.Remove(number) ? Status(id, Close(handle)) : Status(id, SftpStatus.Failure),
            SftpMessage.Read => Read(id, ref reader),
            SftpMessage.Write => Write(id, ref reader),
            SftpMessage.Stat or SftpMessage.LinkStat => Attributes(id, visit.Files.Find(Path(ref reader), follow: type == SftpMessage.Stat)),
            SftpMessage.HandleStat => HandleStat(id, ref reader),
            SftpMessage.SetStat => SetStat(id, Path(ref reader), SftpAttributes.Read(ref reader)),
            SftpMessage.SetHandleStat => SetHandleStat(id, ref reader),
            SftpMessage.OpenFolder => OpenFolder(id, ref reader),
            SftpMessage.ReadFolder => ReadFolder(id, ref reader),
            SftpMessage.Remove => RemoveAt(id, Path(ref reader), wantsFolder: false),
            SftpMessage.RemoveFolder => RemoveAt(id, Path(ref reader), wantsFolder: true),
            SftpMessage.MakeFolder => MakeFolder(id, Path(ref reader)),
            SftpMessage.RealPath => Names(id, Path(ref reader)),
            SftpMessage.Rename => Rename(id, Path(ref reader), Path(ref reader), overwrite: false),
            SftpMessage.ReadLink => visit.Files.Find(Path(ref reader), follow: false) is LinkNode link ? Names(id, link.Target) : Status(id, SftpStatus.NoSuchFile),
            SftpMessage.SymbolicLink => Link(id, Name(ref reader), Path(ref reader)),
            SftpMessage.Extended => Extended(id, ref reader),
            _ => Status(id, SftpStatus.Unsupported),
        };
        return reader.Failed ? Status(id, SftpStatus.BadMessage) : answer;
    }

    private static string Name(ref SshReader reader) => Encoding.Latin1.GetString(reader.Bytes());

    // Relative to the home; links within it are followed by who looks.
    private string Path(ref SshReader reader) => FileSystem.Normalize(Name(ref reader), visit.HomeFolder);

    private SftpHandle? Find(ref SshReader reader, out uint number)
    {
        ReadOnlySpan<byte> name = reader.Bytes();
        number = name.Length == sizeof(uint) ? BinaryPrimitives.ReadUInt32BigEndian(name) : uint.MaxValue;
        return _handles.GetValueOrDefault(number);
    }

    private SshWriter Keep(uint id, SftpHandle handle)
    {
        if (_handles.Count >= MostHandles)
        {
            return Status(id, SftpStatus.Failure);
        }

        uint number = 0;
        while (_handles.ContainsKey(number))
        {
            number++;
        }

        _handles.Add(number, handle);
        return New(SftpMessage.Handle, id).UInt32(sizeof(uint)).UInt32(number);
    }

    private FileError Close(SftpHandle handle)
    {
        if (!handle.IsWritten)
        {
            return FileError.None;
        }

        byte[] content = handle.Content[..handle.Length];
        FileError error = visit.Files.Write(handle.Path, content, visit.UserId, visit.UserId, handle.Mode);
        if (error == FileError.None)
        {
            log.Record(new Observation(ObservationKinds.Upload) { Name = handle.Path, Sha256 = log.SaveFile(handle.Path, content), Size = content.Length, Method = "sftp" });
        }

        return error;
    }

    private bool MayChange(string path) =>
        visit.Files.Find(path[..Math.Max(1, path.LastIndexOf('/'))]) is { } folder && Access.MayWrite(folder, visit.UserId);
}
