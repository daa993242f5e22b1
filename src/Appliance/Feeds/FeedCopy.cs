using System.Globalization;
using System.Text;
using Blackwall.Feeds.Wire;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Feeds;

/// <summary>The last good copy of each feed, as a file of one entry a line, which is enforced at the start when its server is dead.</summary>
internal sealed class FeedCopy(IOptions<StorageOptions> storage, IOptions<FeedOptions> options)
{
    private string Folder => Path.Combine(storage.Value.StateFolder, "feeds");

    /// <summary>Null: written; else why not.</summary>
    public string? Write(string name, IReadOnlyList<FeedEntry> entries)
    {
        StringBuilder text = new(entries.Count * 20);
        foreach (FeedEntry entry in entries)
        {
            text.Append(CultureInfo.InvariantCulture, $"{entry.Scope}");
            _ = entry.Note is null ? text : text.Append(" # ").Append(entry.Note);
            text.Append('\n');
        }

        try
        {
            Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            WholeFile.Write(PathOf(name), text.ToString());
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure.Message;
        }
    }

    /// <summary>The copy; empty: there is none that can be read.</summary>
    public IReadOnlyList<FeedEntry> Read(string name)
    {
        try
        {
            FeedReading reading = new(options.Value.MaxEntries);
            PlainReader.Read(File.ReadAllBytes(PathOf(name)), reading);
            return reading.Finish().Entries;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
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

    private string PathOf(string name) => Path.Combine(Folder, name + ".list");
}
