using System.Security.Cryptography;
using System.Text.Json;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Sessions;

/// <summary>
/// Where sessions are stored: a folder for each with its summary, events and terminal; files that attackers brought beside them, named by their hash, for
/// the owner alone and never executable. No name comes from an attacker.
/// </summary>
internal sealed class SessionFolder(IOptions<StorageOptions> storage)
{
    public const string Summary = "session.json";
    public const string Events = "events.jsonl";
    public const string Terminal = "terminal.cast";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnerOnly | UnixFileMode.UserExecute;
    private const string CowrieName = "cowrie.json";
    private const int CowrieLogs = 8;

    public string Path { get; } = System.IO.Path.Combine(storage.Value.StateFolder, "sessions");

    private string Sessions => System.IO.Path.Combine(Path, "by-id");

    private string Files => System.IO.Path.Combine(Path, "files");

    public static bool IsId(string id) => id.Length == 12 && id.All(char.IsAsciiHexDigitLower);

    public static bool IsHash(string hash) => hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower);

    public string PathOf(string id, string name) => System.IO.Path.Combine(Sessions, id, name);

    /// <summary>Where a file of a hash lies.</summary>
    public string FileOf(string hash) => System.IO.Path.Combine(Files, hash);

    /// <summary>Makes the folders and reads every summary.</summary>
    public List<SessionBody> Prepare()
    {
        foreach (string folder in new[] { Path, Sessions, Files })
        {
            Directory.CreateDirectory(folder, OwnersFolder);
        }

        List<SessionBody> found = [];
        foreach (string folder in Directory.EnumerateDirectories(Sessions))
        {
            try
            {
                if (JsonSerializer.Deserialize(File.ReadAllBytes(System.IO.Path.Combine(folder, Summary)), SessionJson.Default.SessionBody) is { } body && IsId(body.Id))
                {
                    found.Add(body);
                }
            }
            catch (Exception e) when (e is JsonException or IOException)
            {
                // Cut short by a crash of the machine: what has no summary is no session.
            }
        }

        return found;
    }

    public long Measure() => new DirectoryInfo(Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public void Append(string id, string name, ReadOnlySpan<byte> bytes)
    {
        Directory.CreateDirectory(System.IO.Path.Combine(Sessions, id), OwnersFolder);
        AppendTo(PathOf(id, name), bytes);
    }

    /// <summary>Replaces the summary at once: a reader sees the old one or the new one. Returns how many bytes longer it is.</summary>
    public long Write(SessionBody body)
    {
        Directory.CreateDirectory(System.IO.Path.Combine(Sessions, body.Id), OwnersFolder);
        string path = PathOf(body.Id, Summary), part = path + ".part";
        byte[] summary = JsonSerializer.SerializeToUtf8Bytes(body, SessionJson.Default.SessionBody);
        File.WriteAllBytes(part, summary);
        long before = LengthOf(path);
        File.Move(part, path, overwrite: true);
        return summary.Length - before;
    }

    /// <summary>Returns how many bytes longer all logs are.</summary>
    public long AppendCowrie(ReadOnlySpan<byte> lines, long largest)
    {
        long longer = lines.Length;
        string path = System.IO.Path.Combine(Path, CowrieName);
        AppendTo(path, lines);
        if (new FileInfo(path).Length > largest)
        {
            longer -= LengthOf($"{path}.{CowrieLogs - 1}");
            for (int i = CowrieLogs - 1; i > 0; i--)
            {
                string older = $"{path}.{i}", newer = i == 1 ? path : $"{path}.{i - 1}";
                if (File.Exists(newer))
                {
                    File.Move(newer, older, overwrite: true);
                }
            }
        }

        return longer;
    }

    /// <summary>
    /// Takes sessions out of all logs in Cowrie's format: their lines are overwritten where they are, with an event that says so and blanks, so that whoever
    /// follows a log does not read it anew.
    /// </summary>
    public void EraseCowrie(IReadOnlySet<string> ids)
    {
        for (int i = 0; i < CowrieLogs; i++)
        {
            string path = System.IO.Path.Combine(Path, CowrieName) + (i == 0 ? "" : $".{i}");
            if (File.Exists(path))
            {
                CowrieEraser.Erase(path, ids);
            }
        }
    }

    /// <summary>Saves a complete file. False: its hash does not match.</summary>
    public bool SaveFile(string hash, byte[] content)
    {
        if (!string.Equals(Convert.ToHexStringLower(SHA256.HashData(content)), hash, StringComparison.Ordinal))
        {
            return false;
        }

        string path = FileOf(hash);
        if (!File.Exists(path))
        {
            using FileStream file = new(path + ".part", new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
            file.Write(content);
            file.Dispose();
            File.Move(path + ".part", path, overwrite: true);
        }

        return true;
    }

    /// <summary>Removes a session and the files that it was the last one to have. Returns how many bytes they had.</summary>
    public long Remove(SessionBody body, Func<string, bool> isLastOf)
    {
        long bytes = 0;
        DirectoryInfo folder = new(System.IO.Path.Combine(Sessions, body.Id));
        if (folder.Exists)
        {
            bytes += folder.EnumerateFiles().Sum(file => file.Length);
            folder.Delete(recursive: true);
        }

        foreach (FileInfo file in body.Files.Where(hash => IsHash(hash) && isLastOf(hash)).Select(hash => new FileInfo(FileOf(hash))))
        {
            bytes += file.Exists ? file.Length : 0;
            file.Delete();
        }

        return bytes;
    }

    private static long LengthOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private static void AppendTo(string path, ReadOnlySpan<byte> bytes)
    {
        using FileStream file = new(path, new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, UnixCreateMode = OwnerOnly, BufferSize = 0 });
        long before = file.Length;
        try
        {
            file.Write(bytes);
        }
        catch (IOException)
        {
            // A full disk takes a part: half a line would spoil the next one.
            file.SetLength(before);
            throw;
        }
    }
}
