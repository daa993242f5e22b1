using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Feeds.Wire;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Feeds;

/// <summary>
/// The last good copy of each feed, as a file of one entry a line with a checksum in the last, which is enforced at the start when its server is dead.
/// </summary>
internal sealed class FeedCopy(IOptions<StorageOptions> storage, IOptions<FeedOptions> options)
{
    private const int LineSize = 20;

    /// <summary>Digits of the checksum that name a list to a person and to a request.</summary>
    private const int DigestSize = 32;

    private static ReadOnlySpan<byte> Mark => "# sha256 "u8;

    private static int SealSize => Mark.Length + (SHA256.HashSizeInBytes * 2) + 1;

    private string Folder => Path.Combine(storage.Value.StateFolder, "feeds");

    /// <summary>Name under which a list of a feed is kept that waits; no feed has such a name.</summary>
    public static string Waiting(string name) => $"{name}.held";

    /// <summary>Keeps a list.</summary>
    /// <param name="name">Of the feed, or of what waits for it.</param>
    /// <param name="entries">The list.</param>
    /// <param name="digest">What it is known by: hexadecimal digits, also when it cannot be written.</param>
    /// <returns>Null: written; else why not.</returns>
    public string? Write(string name, IReadOnlyList<FeedEntry> entries, out string digest)
    {
        ArrayBufferWriter<byte> text = new((entries.Count * LineSize) + SealSize + 64);
        foreach (FeedEntry entry in entries)
        {
            Append(text, entry);
        }

        byte[] seal = Seal(text.WrittenSpan);
        digest = DigestOf(seal);
        text.Write(seal);
        try
        {
            Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            WholeFile.Write(PathOf(name), text.WrittenSpan);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure.Message;
        }
    }

    /// <summary>Reads the copy.</summary>
    /// <param name="name">Name of the feed.</param>
    /// <param name="fault">Why it cannot be used; null: it can.</param>
    /// <param name="digest">What it has to be; null: that is not known.</param>
    public IReadOnlyList<FeedEntry> Read(string name, out string? fault, string? digest = null)
    {
        try
        {
            ReadOnlySpan<byte> text = File.ReadAllBytes(PathOf(name));
            int length = text.Length - SealSize;
            if (length < 0 || !Seal(text[..length]).AsSpan().SequenceEqual(text[length..]))
            {
                fault = "its checksum does not fit";
                return [];
            }

            if (digest is not null && !string.Equals(DigestOf(text[length..]), digest, StringComparison.Ordinal))
            {
                fault = "it is not the list that was in force last";
                return [];
            }

            FeedReading reading = new(options.Value.MaxEntries);
            PlainReader.Read(text[..length], reading);
            fault = reading.Finish().Failure;
            return reading.Entries;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            fault = failure.Message;
            return [];
        }
    }

    public void Remove(string name)
    {
        try
        {
            File.Delete(PathOf(name));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A feed of this name that is made later writes its own.
        }
    }

    private static void Append(ArrayBufferWriter<byte> text, in FeedEntry entry)
    {
        text.Advance(ScopeText.Write(entry.Scope, text.GetSpan(ScopeText.Longest)));
        if (entry.Note is { } note)
        {
            text.Write(" # "u8);
            text.Advance(Encoding.UTF8.GetBytes(note, text.GetSpan(Encoding.UTF8.GetMaxByteCount(note.Length))));
        }

        text.Write("\n"u8);
    }

    /// <summary>The last line, which says what the lines before it have to be.</summary>
    private static byte[] Seal(ReadOnlySpan<byte> text) => [.. Mark, .. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(text))), (byte)'\n'];

    private static string DigestOf(ReadOnlySpan<byte> seal) => Encoding.ASCII.GetString(seal.Slice(Mark.Length, DigestSize));

    private string PathOf(string name) => Path.Combine(Folder, name + ".list");
}
