using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Visiting;

/// <summary>Keys that let in, as ~/.ssh/authorized_keys names them.</summary>
internal static class AuthorizedKeys
{
    private const int MostKeys = 32;
    private const int LongestFile = 256 * 1024;

    /// <summary>Keys that the visitor left himself: in files that are not those of the base tree.</summary>
    public static IEnumerable<(string User, byte[] Key)> Own(FileSystem files)
    {
        foreach (var account in Accounts.All(files).Take(64).ToList())
        {
            string path = account.Home + "/.ssh/authorized_keys";
            if (files.Find(path) is FileNode file && !ReferenceEquals(file, Original(files.Base, path)))
            {
                HashSet<string> original = Original(files.Base, path) is FileNode before ? [.. Of(before).Select(Convert.ToHexString)] : [];
                foreach (byte[] key in Of(file).Where(key => !original.Contains(Convert.ToHexString(key))).Take(MostKeys))
                {
                    yield return (account.Name, key);
                }
            }
        }
    }

    /// <summary>Whether a key lets a user in.</summary>
    public static bool LetIn(FileSystem files, string user, ReadOnlySpan<byte> key)
    {
        if (Accounts.Find(files, user) is { } account && files.Find(account.Home + "/.ssh/authorized_keys") is FileNode file)
        {
            foreach (byte[] other in Of(file))
            {
                if (key.SequenceEqual(other))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static Node? Original(FolderNode root, string path)
    {
        Node? node = root;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = (node as FolderNode)?.Entries.GetValueOrDefault(name);
        }

        return node;
    }

    private static IEnumerable<byte[]> Of(FileNode file)
    {
        if (file.Content.Size > LongestFile)
        {
            yield break;
        }

        foreach (string line in Encoding.Latin1.GetString(file.Content.Read()).Split('\n'))
        {
            // Options may stand before the type.
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            int type = Array.FindIndex(words, word => word.StartsWith("ssh-", StringComparison.Ordinal) || word.StartsWith("ecdsa-", StringComparison.Ordinal));
            if (type >= 0 && type + 1 < words.Length && line[0] != '#')
            {
                byte[] key = new byte[words[type + 1].Length];
                if (Convert.TryFromBase64String(words[type + 1], key, out int length))
                {
                    yield return key[..length];
                }
            }
        }
    }
}
