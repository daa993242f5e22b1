using System.IO.Compression;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.World;
using Blackwall.Tarpit.World.Packages;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Visiting;

/// <summary>
/// A visitor as bytes: a kind (1 byte: <see cref="Whole"/>, <see cref="Link"/> or <see cref="Mark"/>), then the key of another record, or compressed: state and changes of
/// files. Whatever is read is checked; what is malformed is not read any further.
/// </summary>
internal static class VisitorRecord
{
    /// <summary>Bytes of a record.</summary>
    public const int Largest = 4 << 20;

    public const byte Whole = 1;
    public const byte Link = 2;

    /// <summary>A record that says nothing but that it is there.</summary>
    public static readonly byte[] Mark = [3];

    private const int LargestInMemory = 24 << 20;
    private const int LargestFile = 10 << 20;
    private const int MostOfAnything = 16_384;
    private const byte Version = 2;

    // Without what a visitor set that is no file.
    private const byte VersionBefore = 1;

    private enum Kind : byte
    {
        Removed,
        Folder,
        Stored,
        Program,
        Packaged,
        Log,
        Link,
        Socket,
        Pipe,
    }

    public static byte[] LinkTo(byte[] key) => [Link, .. key];

    /// <summary>A record; files are left out, the largest first, until it is small enough.</summary>
    public static byte[] Write(Visitor visitor)
    {
        byte[] record = Write(visitor, LargestFile);
        long largest = LargestFile;
        while (record.Length > Largest && largest > 0)
        {
            largest = largest == LargestFile ? LargestThatFits(visitor) : largest / 2;
            record = Write(visitor, largest);
        }

        return record.Length <= Largest ? record : [];
    }

    // Files up to this length fit in even if nothing of them is compressed.
    private static long LargestThatFits(Visitor visitor)
    {
        long room = Largest / 8 * 7, largest = 0;
        foreach (long size in OverlayDifference.Of(visitor.Files.Base, visitor.Files.Root).Select(change => change.Node is FileNode { Content: StoredContent content } ? content.Size : 0).Order())
        {
            room -= size;
            if (room < 0)
            {
                break;
            }

            largest = size;
        }

        return largest;
    }

    /// <summary>Does to a new visitor what a record says.</summary>
    /// <returns>False: it is no record, or ends too early; what was read until then is there.</returns>
    public static bool TryRead(ReadOnlySpan<byte> record, Visitor visitor)
    {
        if (record.Length < 2 || record[0] != Whole)
        {
            return false;
        }

        try
        {
            byte[] content = Unpack(record[1..]);
            using BinaryReader reader = new(new MemoryStream(content), Encoding.UTF8);
            byte version = reader.ReadByte();
            if (version is not (Version or VersionBefore))
            {
                return false;
            }

            ReadState(reader, visitor.State);
            for (int n = version == Version ? Count(reader) : 0; n > 0; n--)
            {
                visitor.State.Kept.TrySet(reader.ReadString(), reader.ReadString());
            }

            ReadFiles(reader, visitor);
            foreach ((string path, string flags) in visitor.State.Kept.Below(FileFlags.Kept))
            {
                visitor.Files.SetFlags(path, flags);
            }

            return true;
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or IOException or ArgumentException or FormatException or DecoderFallbackException or OverflowException)
        {
            return false;
        }
    }

    private static byte[] Unpack(ReadOnlySpan<byte> packed)
    {
        using BrotliStream stream = new(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        using MemoryStream content = new();
        byte[] buffer = new byte[64 * 1024];
        int got;
        while ((got = stream.Read(buffer)) > 0)
        {
            content.Write(buffer.AsSpan(0, got));
            if (content.Length > LargestInMemory)
            {
                throw new InvalidDataException();
            }
        }

        return content.ToArray();
    }

    private static byte[] Write(Visitor visitor, long largestFile)
    {
        using MemoryStream packed = new();
        packed.WriteByte(Whole);
        using (BrotliStream stream = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        using (BinaryWriter writer = new(stream, Encoding.UTF8))
        {
            writer.Write(Version);
            WriteState(writer, visitor.State);
            IReadOnlyList<KeyValuePair<string, string>> kept = visitor.State.Kept.All;
            writer.Write(kept.Count);
            foreach ((string name, string value) in kept)
            {
                writer.Write(name);
                writer.Write(value);
            }

            foreach ((string path, Node? node) in OverlayDifference.Of(visitor.Files.Base, visitor.Files.Root))
            {
                WriteNode(writer, path, node, largestFile);
            }

            writer.Write("");
        }

        return packed.ToArray();
    }

    private static void WriteState(BinaryWriter writer, MachineState state)
    {
        writer.Write(state.HostName);
        writer.Write(state.Logins.Count);
        foreach (LoginRecord login in state.Logins)
        {
            writer.Write(login.User);
            writer.Write(login.From);
            writer.Write(login.Port);
            writer.Write(login.Terminal);
            writer.Write(login.Since.ToUnixTimeMilliseconds());
            writer.Write((login.Until ?? state.Machine.Now).ToUnixTimeMilliseconds());
            writer.Write(login.Process);
            writer.Write(login.ByKey);
        }

        writer.Write(state.Passwords.Count);
        foreach ((string user, string password) in state.Passwords)
        {
            writer.Write(user);
            writer.Write(password);
        }

        writer.Write(state.Services.Changes.Count);
        foreach ((string name, ServiceState service, DateTimeOffset when, bool isEnabled) in state.Services.Changes)
        {
            writer.Write(name);
            writer.Write((byte)service);
            writer.Write(when.ToUnixTimeMilliseconds());
            writer.Write(isEnabled);
        }

        IReadOnlyList<RunningProcess> lasting = state.Processes.Lasting;
        writer.Write(lasting.Count);
        foreach (RunningProcess process in lasting)
        {
            writer.Write(process.Id);
            writer.Write(process.User);
            writer.Write(process.Started.ToUnixTimeMilliseconds());
            writer.Write(process.Command);
            writer.Write(process.Memory);
            writer.Write(process.Folder);
            writer.Write(process.Load);
        }
    }

    private static void ReadState(BinaryReader reader, MachineState state)
    {
        state.HostName = reader.ReadString();
        for (int n = Count(reader); n > 0; n--)
        {
            state.Add(new LoginRecord(reader.ReadString(), reader.ReadString(), reader.ReadInt32(), reader.ReadString(), Time(reader), Time(reader), reader.ReadInt32(), reader.ReadBoolean()));
        }

        for (int n = Count(reader); n > 0; n--)
        {
            state.SetPassword(reader.ReadString(), reader.ReadString());
        }

        for (int n = Count(reader); n > 0; n--)
        {
            string name = reader.ReadString();
            state.Services.Set(name, (ServiceState)Math.Min(reader.ReadByte(), (byte)ServiceState.Failed), Time(reader));
            state.Services.Enable(name, reader.ReadBoolean());
        }

        for (int n = Count(reader); n > 0; n--)
        {
            state.Processes.Add(new RunningProcess(reader.ReadInt32(), 1, reader.ReadString(), "?", Time(reader), reader.ReadString(), reader.ReadInt32()) { Folder = reader.ReadString(), Load = reader.ReadDouble() });
        }
    }

    private static int Count(BinaryReader reader) => reader.ReadInt32() is var count and >= 0 and <= MostOfAnything ? count : throw new InvalidDataException();

    private static DateTimeOffset Time(BinaryReader reader) => DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64());

    private static void WriteNode(BinaryWriter writer, string path, Node? node, long largestFile)
    {
        Kind? kind = node switch
        {
            null => Kind.Removed,
            FolderNode => Kind.Folder,
            LinkNode => Kind.Link,
            SocketNode => Kind.Socket,
            PipeNode => Kind.Pipe,
            FileNode { Content: Binary } => Kind.Program,
            FileNode { Content: PackagedContent } => Kind.Packaged,
            FileNode { Content: LogContent } => Kind.Log,
            FileNode { Content: KernelContent } => null,
            FileNode file when file.Content.Size <= largestFile => Kind.Stored,
            _ => null,
        };
        if (kind is not { } known)
        {
            return;
        }

        writer.Write(path);
        writer.Write((byte)known);
        if (node is null)
        {
            return;
        }

        writer.Write(node.Mode);
        writer.Write(node.User);
        writer.Write(node.Group);
        writer.Write(node.Modified.ToUnixTimeMilliseconds());
        switch (node)
        {
            case LinkNode link:
                writer.Write(link.Target);
                break;
            case FileNode { Content: Binary program }:
                writer.Write(program.Name);
                writer.Write((int)program.Size);
                break;
            case FileNode { Content: PackagedContent packaged }:
                writer.Write(packaged.Folder);
                writer.Write(packaged.Name);
                writer.Write((int)packaged.Size);
                break;
            case FileNode { Content: LogContent log }:
                writer.Write(log.Name);
                writer.Write(log.Since.ToUnixTimeMilliseconds());
                WriteBytes(writer, log.Kept);
                break;
            case FileNode file:
                WriteBytes(writer, file.Content.Read());
                break;
        }
    }

    private static void WriteBytes(BinaryWriter writer, byte[] bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static void ReadFiles(BinaryReader reader, Visitor visitor)
    {
        string path;
        for (int n = 0; (path = reader.ReadString()).Length > 0 && n < MostOfAnything; n++)
        {
            path = FileSystem.Normalize(path, "/");
            Kind kind = (Kind)reader.ReadByte();
            if (kind == Kind.Removed)
            {
                visitor.Files.Remove(path, recursive: true);
                continue;
            }

            int mode = reader.ReadInt32() & 0xFFF, user = reader.ReadInt32(), group = reader.ReadInt32();
            DateTimeOffset modified = Time(reader);
            Node? node = kind switch
            {
                // What is in it was put there before.
                Kind.Folder => visitor.Files.Find(path, follow: false) as FolderNode ?? new FolderNode(),
                Kind.Link => new LinkNode(reader.ReadString()),
                Kind.Socket => new SocketNode(),
                Kind.Pipe => new PipeNode(),
                Kind.Program => new FileNode { Content = new Binary(reader.ReadString(), Size(reader)) },
                Kind.Packaged => new FileNode { Content = new PackagedContent(reader.ReadString(), reader.ReadString(), Size(reader), PackageTexts.Make) },
                Kind.Log => ReadLog(reader, visitor.State),
                Kind.Stored => new FileNode { Content = new StoredContent(ReadBytes(reader)) },
                _ => throw new InvalidDataException(),
            };
            visitor.Files.Put(path, node with { Mode = mode, User = user, Group = group, Modified = modified });
        }
    }

    private static FileNode ReadLog(BinaryReader reader, MachineState state)
    {
        string name = reader.ReadString();
        DateTimeOffset since = Time(reader);
        return new FileNode { Content = LogFiles.Restore(state, name, ReadBytes(reader), since) };
    }

    private static int Size(BinaryReader reader) => reader.ReadInt32() is var size and >= 0 and <= LargestInMemory ? size : throw new InvalidDataException();

    private static byte[] ReadBytes(BinaryReader reader)
    {
        byte[] bytes = reader.ReadBytes(Size(reader));
        return bytes;
    }
}
