using System.Buffers.Binary;
using System.Net;
using System.Text;
using Blackwall.Tarpit;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sftp;
using Blackwall.Tarpit.Sftp.Wire;
using Blackwall.Tarpit.Shell;
using Blackwall.Tarpit.Ssh.Wire;
using Blackwall.Tarpit.World;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Fuzz.Tarpit;

/// <summary>Sessions of SFTP clients: messages with their lengths, one behind the other, each session on a file system of its own.</summary>
internal sealed class TarpitSftpTarget : IFuzzTarget, ISessionLog
{
    private const int MostMessages = 32;
    private const int Handle = 0;

    private static readonly TarpitSettings s_settings = new() { MaxVisitorBytes = 1 << 18 };

    private readonly Machine _machine = new(new byte[32], DateTimeOffset.UnixEpoch.AddYears(50), TimeProvider.System);
    private readonly FolderNode _tree;

    public TarpitSftpTarget()
    {
        _tree = BaseTree.Build(_machine);
        Seeds =
        [
            Session(
                Message(SftpMessage.Init).UInt32(3),
                Request(SftpMessage.RealPath, 1, "."),
                Request(SftpMessage.Open, 2, "/tmp/a").UInt32(26).UInt32(0),
                Request(SftpMessage.Write, 3).UInt32(4).UInt32(Handle).UInt64(0).Bytes("content"u8),
                Request(SftpMessage.HandleStat, 4).UInt32(4).UInt32(Handle),
                Request(SftpMessage.Close, 5).UInt32(4).UInt32(Handle),
                Request(SftpMessage.Rename, 6, "/tmp/a").Text("/tmp/b"),
                Request(SftpMessage.SetStat, 7, "/tmp/b").UInt32(5).UInt64(100).UInt32(0x1FF)),
            Session(
                Request(SftpMessage.OpenFolder, 1, "/etc"),
                Request(SftpMessage.ReadFolder, 2).UInt32(4).UInt32(Handle),
                Request(SftpMessage.Open, 3, "/etc/passwd").UInt32(1).UInt32(0),
                Request(SftpMessage.Read, 4).UInt32(4).UInt32(1).UInt64(5).UInt32(100),
                Request(SftpMessage.LinkStat, 5, "/etc/../bin"),
                Request(SftpMessage.SymbolicLink, 6, "/tmp/l").Text("/tmp/l"),
                Request(SftpMessage.Stat, 7, "/tmp/l"),
                Request(SftpMessage.ReadLink, 8, "/tmp/l")),
            Session(
                Request(SftpMessage.MakeFolder, 1, "/tmp/d").UInt32(0),
                Request(SftpMessage.Extended, 2, "posix-rename@openssh.com").Text("/tmp/d").Text("/tmp/e"),
                Request(SftpMessage.Extended, 3, "hardlink@openssh.com").Text("/etc/passwd").Text("/tmp/p"),
                Request(SftpMessage.Extended, 4, "limits@openssh.com"),
                Request(SftpMessage.Extended, 5, "expand-path@openssh.com").Text("~/x"),
                Request(SftpMessage.Extended, 6, "statvfs@openssh.com").Text("/"),
                Request(SftpMessage.Remove, 7, "/tmp/p"),
                Request(SftpMessage.RemoveFolder, 8, "/tmp/e")),
            [],
        ];
    }

    public string Name => "tarpit-sftp";

    public IReadOnlyList<byte[]> Seeds { get; }

    public string Id => "000000000000";

    public string? Run(ReadOnlySpan<byte> input)
    {
        FileSystem files = new(_tree, TimeProvider.System, s_settings.MaxVisitorBytes);
        IPEndPoint nowhere = new(IPAddress.Loopback, 22);
        SftpDispatcher dispatcher = new(new Visit(_machine, files, "root", nowhere, nowhere, new MachineState(_machine), s_settings) { Improviser = new Blackwall.Tarpit.Improvisation.Improviser(null, Blackwall.Tarpit.Improvisation.ImprovisationLimits.For(s_settings), TimeProvider.System) }, this);
        for (int i = 0; i < MostMessages && input.Length >= sizeof(uint); i++)
        {
            int length = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(input), (uint)(input.Length - sizeof(uint)));
            ReadOnlySpan<byte> message = input.Slice(sizeof(uint), length);
            input = input[(sizeof(uint) + length)..];
            if (dispatcher.Answer(message) is not { } answer)
            {
                break;
            }

            if (answer.Written.Length > SftpDispatcher.LargestMessage)
            {
                return $"an answer of {answer.Written.Length} bytes";
            }

            if (message[0] != (byte)SftpMessage.Init && !answer.Written.Slice(1, sizeof(uint)).SequenceEqual(message.Slice(1, sizeof(uint))))
            {
                return "an answer to another request";
            }
        }

        dispatcher.End();
        return files.Added > s_settings.MaxVisitorBytes ? $"{files.Added} bytes were added" : null;
    }

    public void Record(Observation observation)
    {
        // Nothing is recorded here.
    }

    public void RecordTerminal(bool isInput, ReadOnlySpan<byte> bytes)
    {
        // As above.
    }

    public string SaveFile(string name, ReadOnlySpan<byte> content) => "";

    private static SshWriter Message(SftpMessage type) => new SshWriter().Byte((byte)type);

    private static SshWriter Request(SftpMessage type, uint request) => Message(type).UInt32(request);

    private static SshWriter Request(SftpMessage type, uint request, string text) => Request(type, request).Bytes(Encoding.Latin1.GetBytes(text));

    private static byte[] Session(params SshWriter[] messages) => [.. messages.SelectMany(message => new SshWriter().Bytes(message.Written).ToArray())];
}
