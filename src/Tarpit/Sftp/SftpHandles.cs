using Blackwall.Tarpit.Shell.Entries;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sftp.Wire;
using Blackwall.Tarpit.Shell;
using Blackwall.Tarpit.Shell.Commands;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Sftp;

/// <summary>Open files and folders of one SFTP session, and the requests on them. Bounded in number and size.</summary>
internal sealed class SftpHandles(Visit visit, SftpTree tree, ISessionLog log)
{
    public const int MostHandles = 100;
    public const int LargestRead = 255 * 1024;

    private const int NamesInOneAnswer = 100;
    private const uint ForWriting = 2, Append = 4, Create = 8, Truncate = 16, Exclusive = 32;

    private readonly Dictionary<uint, SftpHandle> _handles = [];

    public SftpHandle? Find(ref SshReader reader) => _handles.GetValueOrDefault(ReadNumber(ref reader));

    public SshWriter Open(uint request, string path, uint flags, SftpAttributes attributes)
    {
        Node? node = visit.Files.Find(path);
        bool isWritten = (flags & ForWriting) != 0;
        if (node is FolderNode)
        {
            return SftpAnswers.Status(request, SftpStatus.Failure);
        }

        if (node is null && (flags & Create) == 0)
        {
            return SftpAnswers.Status(request, SftpStatus.NoSuchFile);
        }

        if (node is not null && (flags & (Create | Exclusive)) == (Create | Exclusive))
        {
            return SftpAnswers.Status(request, SftpStatus.Failure);
        }

        if (node is null ? !tree.MayChange(path) : isWritten ? !Access.MayWrite(node, visit.UserId) : !Access.MayRead(node, visit.UserId))
        {
            return SftpAnswers.Status(request, node is null ? tree.WhyNotChangeable(path) : SftpStatus.PermissionDenied);
        }

        byte[] content = [];
        if (node is not null && (flags & Truncate) == 0)
        {
            visit.Files.Read(path, out content);
        }

        int mode = (attributes.Mode ?? 0x1B6) & ~0x12;
        FileError error = isWritten && (node is null || (flags & Truncate) != 0) ? visit.Files.Write(path, [], visit.UserId, visit.UserId, mode) : FileError.None;
        return error == FileError.None
            ? Add(request, new SftpHandle(path, folder: null, content, isWritten, mode) { Appends = (flags & Append) != 0 })
            : SftpAnswers.Status(request, error);
    }

    public SshWriter OpenFolder(uint request, string path) => visit.Files.Find(path) switch
    {
        FolderNode folder when Access.MayRead(folder, visit.UserId) => Add(request, new SftpHandle(path, folder, [], isWritten: false, 0)),
        FolderNode => SftpAnswers.Status(request, SftpStatus.PermissionDenied),
        null => SftpAnswers.Status(request, SftpStatus.NoSuchFile),
        _ => SftpAnswers.Status(request, SftpStatus.Failure),
    };

    public SshWriter Close(uint request, ref SshReader reader) =>
        _handles.Remove(ReadNumber(ref reader), out SftpHandle? handle) ? SftpAnswers.Status(request, Save(handle)) : SftpAnswers.Status(request, SftpStatus.Failure);

    /// <summary>Saves what was written and not closed: it is there too, as on a real disk.</summary>
    public void CloseAll()
    {
        foreach (SftpHandle handle in _handles.Values)
        {
            Save(handle);
        }

        _handles.Clear();
    }

    public SshWriter Read(uint request, ref SshReader reader)
    {
        SftpHandle? handle = Find(ref reader);
        ulong offset = reader.UInt64();
        uint length = reader.UInt32();
        if (handle is not { Entries: null })
        {
            return SftpAnswers.Status(request, SftpStatus.Failure);
        }

        if (offset >= (ulong)handle.Length)
        {
            return SftpAnswers.Status(request, SftpStatus.EndOfFile);
        }

        int count = (int)Math.Min(Math.Min(length, LargestRead), (ulong)handle.Length - offset);
        return SftpAnswers.Begin(SftpMessage.Data, request).Bytes(handle.Content.AsSpan((int)offset, count));
    }

    public SshWriter Write(uint request, ref SshReader reader)
    {
        SftpHandle? handle = Find(ref reader);
        ulong offset = reader.UInt64();
        ReadOnlySpan<byte> bytes = reader.Bytes();
        bool isWritten = handle is { IsWritten: true } && !reader.Failed
            && handle.TryWrite(handle.Appends ? (ulong)handle.Length : offset, bytes, visit.Settings.MaxVisitorBytes);
        return SftpAnswers.Status(request, isWritten ? SftpStatus.Ok : SftpStatus.Failure);
    }

    public SshWriter GetAttributes(uint request, ref SshReader reader)
    {
        if (Find(ref reader) is not { } handle)
        {
            return SftpAnswers.Status(request, SftpStatus.Failure);
        }

        Node? node = visit.Files.Find(handle.Path);
        return SftpAnswers.Attributes(request, handle.IsWritten && node is FileNode file ? file with { Content = new StoredContent(handle.Content[..handle.Length]) } : node);
    }

    public SshWriter SetAttributes(uint request, ref SshReader reader)
    {
        SftpHandle? handle = Find(ref reader);
        SftpAttributes attributes = SftpAttributes.Read(ref reader);
        if (handle is null)
        {
            return SftpAnswers.Status(request, SftpStatus.Failure);
        }

        handle.Mode = attributes.Mode ?? handle.Mode;
        return tree.SetAttributes(request, handle.Path, attributes with { Size = null });
    }

    public SshWriter ReadFolder(uint request, ref SshReader reader)
    {
        if (Find(ref reader) is not { Entries: { } entries })
        {
            return SftpAnswers.Status(request, SftpStatus.Failure);
        }

        if (entries.Count == 0)
        {
            return SftpAnswers.Status(request, SftpStatus.EndOfFile);
        }

        int count = Math.Min(entries.Count, NamesInOneAnswer);
        SshWriter answer = SftpAnswers.Begin(SftpMessage.Name, request).UInt32((uint)count);
        for (int i = 0; i < count; i++)
        {
            (string name, Node node) = entries.Dequeue();
            answer.Bytes(Encoding.Latin1.GetBytes(name)).Bytes(Encoding.Latin1.GetBytes(LongName(name, node)));
            SftpAttributes.Write(answer, node);
        }

        return answer;
    }

    // The line of "ls -l" that sftp-server sends beside each name.
    private string LongName(string name, Node node)
    {
        long size = node is FileNode file ? file.Content.Size : node is LinkNode link ? link.Target.Length : 4096;
        string when = node.Modified.ToString(node.Modified > visit.Machine.Now.AddDays(-182) ? "MMM dd HH:mm" : "MMM dd  yyyy", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{Modes.Text(node)}    ? {Accounts.UserName(visit.Files, node.User),-8} {Accounts.GroupName(visit.Files, node.Group),-8} {size,8} {when} {name}");
    }

    private SshWriter Add(uint request, SftpHandle handle)
    {
        if (_handles.Count >= MostHandles)
        {
            return SftpAnswers.Status(request, SftpStatus.Failure);
        }

        uint number = 0;
        while (_handles.ContainsKey(number))
        {
            number++;
        }

        _handles.Add(number, handle);
        return SftpAnswers.Begin(SftpMessage.Handle, request).UInt32(sizeof(uint)).UInt32(number);
    }

    private FileError Save(SftpHandle handle)
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

    private static uint ReadNumber(ref SshReader reader)
    {
        ReadOnlySpan<byte> name = reader.Bytes();
        return name.Length == sizeof(uint) ? BinaryPrimitives.ReadUInt32BigEndian(name) : uint.MaxValue;
    }
}
