using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Sftp;

/// <summary>An open file or folder.</summary>
internal sealed class SftpHandle(string path, FolderNode? folder, byte[] content, bool isWritten, int mode)
{
    public string Path => path;

    /// <summary>Entries that were not read yet; null: it is a file.</summary>
    public Queue<KeyValuePair<string, Node>>? Entries { get; } = folder is null ? null : new Queue<KeyValuePair<string, Node>>(
        [new(".", folder), new("..", folder), .. folder.Entries]);

    /// <summary>Bytes; of one that is written they grow.</summary>
    public byte[] Content { get; private set; } = content;

    public int Length { get; private set; } = content.Length;

    public bool IsWritten => isWritten;

    /// <summary>Whatever is written goes to the end.</summary>
    public bool Appends { get; init; }

    /// <summary>Permission bits that a new file gets.</summary>
    public int Mode { get; set; } = mode;

    /// <summary>False: the file would become larger than it may.</summary>
    public bool TryWrite(ulong offset, ReadOnlySpan<byte> bytes, long most)
    {
        if (offset + (ulong)bytes.Length > (ulong)most)
        {
            return false;
        }

        int end = (int)offset + bytes.Length;
        if (end > Content.Length)
        {
            byte[] larger = new byte[Math.Max(end, (int)Math.Min(most, Content.Length * 2L))];
            Content.CopyTo(larger, 0);
            Content = larger;
        }

        bytes.CopyTo(Content.AsSpan((int)offset));
        Length = Math.Max(Length, end);
        return true;
    }
}
