using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Blackwall.Tarpit.Http.Bait;

/// <summary>The files of a git repository with one branch, in git's own formats, so that whoever fetches them one by one gets a working tree.</summary>
internal sealed class GitRepository
{
    private const int FileMode = 0x81A4; // 100644
    private const int HashLength = 20;

    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly StringBuilder _log = new();
    private string? _head;

    /// <param name="remote">Where it says that it was cloned from.</param>
    public GitRepository(string remote)
    {
        Text("HEAD", "ref: refs/heads/main\n");
        Text("description", "Unnamed repository; edit this file 'description' to name the repository.\n");
        Text("config", $"[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n[remote \"origin\"]\n\turl = {remote}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n[branch \"main\"]\n\tremote = origin\n\tmerge = refs/heads/main\n");
        Text("info/exclude", "# git ls-files --others --exclude-from=.git/info/exclude\n");
        Text("objects/info/packs", "\n");
    }

    /// <summary>Files by their path below .git/.</summary>
    public IReadOnlyDictionary<string, byte[]> Files => _files;

    /// <summary>Adds a commit with exactly these files, all in the top folder.</summary>
    /// <param name="author">"Name &lt;mail&gt;".</param>
    public void Commit(IReadOnlyDictionary<string, string> tree, string author, DateTimeOffset when, string message)
    {
        using MemoryStream entries = new();
        (string Name, byte[] Hash, int Length)[] blobs = [.. tree.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => (file.Key, Add("blob", Encoding.UTF8.GetBytes(file.Value)), Encoding.UTF8.GetByteCount(file.Value)))];
        foreach ((string name, byte[] hash, _) in blobs)
        {
            entries.Write(Encoding.UTF8.GetBytes($"100644 {name}\0"));
            entries.Write(hash);
        }

        string stamp = string.Create(CultureInfo.InvariantCulture, $"{when.ToUnixTimeSeconds()} +0000");
        string before = _head ?? new string('0', HashLength * 2);
        string commit = $"tree {Convert.ToHexStringLower(Add("tree", entries.ToArray()))}\n{(_head is null ? "" : $"parent {_head}\n")}author {author} {stamp}\ncommitter {author} {stamp}\n\n{message}\n";
        _head = Convert.ToHexStringLower(Add("commit", Encoding.UTF8.GetBytes(commit)));
        _log.Append(CultureInfo.InvariantCulture, $"{before} {_head} {author} {stamp}\tcommit{(before.All(c => c == '0') ? " (initial)" : "")}: {message}\n");
        foreach (string name in new[] { "refs/heads/main", "refs/remotes/origin/main", "ORIG_HEAD" })
        {
            Text(name, _head + "\n");
        }

        Text("COMMIT_EDITMSG", message + "\n");
        Text("logs/HEAD", _log.ToString());
        Text("logs/refs/heads/main", _log.ToString());
        _files["index"] = Index(blobs, when);
    }

    private void Text(string name, string text) => _files[name] = Encoding.UTF8.GetBytes(text);

    private byte[] Add(string kind, byte[] content)
    {
        byte[] whole = [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind} {content.Length}\0")), .. content];
        byte[] hash = SHA1.HashData(whole);
        using MemoryStream compressed = new();
        using (ZLibStream zlib = new(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(whole);
        }

        string name = Convert.ToHexStringLower(hash);
        _files[$"objects/{name[..2]}/{name[2..]}"] = compressed.ToArray();
        return hash;
    }

    // Version 2 of the index (gitformat-index): sorted entries, each padded with NULs to a multiple of eight, and a hash over all.
    private static byte[] Index((string Name, byte[] Hash, int Length)[] files, DateTimeOffset when)
    {
        const int fixedLength = 62;
        using MemoryStream index = new();
        index.Write("DIRC"u8);
        Word(index, 2);
        Word(index, (uint)files.Length);
        foreach ((string name, byte[] hash, int length) in files)
        {
            uint time = (uint)when.ToUnixTimeSeconds();
            foreach (uint word in new uint[] { time, 0, time, 0, 64_769, 262_144, FileMode, 33, 33, (uint)length })
            {
                Word(index, word);
            }

            byte[] bytes = Encoding.UTF8.GetBytes(name);
            index.Write(hash);
            index.Write([(byte)(bytes.Length >> 8), (byte)bytes.Length]);
            index.Write(bytes);
            index.Write(new byte[8 - ((fixedLength + bytes.Length) % 8)]);
        }

        index.Write(SHA1.HashData(index.ToArray()));
        return index.ToArray();
    }

    private static void Word(MemoryStream to, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        to.Write(bytes);
    }
}
