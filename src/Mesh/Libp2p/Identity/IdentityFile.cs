using Blackwall.Mesh.Libp2p.Keys;

namespace Blackwall.Mesh.Libp2p.Identity;

/// <summary>
/// The file that holds who we are: libp2p's protobuf form of the private key, readable by its owner alone. A damaged file is never replaced by a new
/// identity: others know us by the old one.
/// </summary>
public static class IdentityFile
{
    private const int MaxLength = 16 * 1024;

    /// <summary>Reads the identity, or makes one (Ed25519 unless told otherwise) where there is no file. Throws <see cref="MeshException"/> with what to do.</summary>
    public static PrivateKey LoadOrCreate(string path, KeyType type = KeyType.Ed25519)
    {
        try
        {
            return Directory.Exists(path)
                ? throw new MeshException($"The identity file {path} is a folder.")
                : File.Exists(path) ? Load(path) : Create(path, type);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or (IOException and not MeshException))
        {
            throw new MeshException($"The identity file {path} cannot be used: {exception.Message}", exception);
        }
    }

    private static PrivateKey Load(string path)
    {
        UnixFileMode mode = File.GetUnixFileMode(path);
        if ((mode & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != UnixFileMode.None)
        {
            throw new MeshException($"The identity file {path} can be used by others than its owner: run 'chmod 600 {path}' and look who read it.");
        }

        byte[] bytes = new FileInfo(path).Length <= MaxLength ? File.ReadAllBytes(path) : [];
        if (PrivateKey.TryDecode(bytes, out string? error) is { } key)
        {
            return key;
        }

        string copy = KeepCopy(path);
        throw new MeshException($"The identity file {path} is damaged: {(bytes.Length == 0 ? "it is empty or far too long" : error)}. A copy is kept as {copy}. Restore it from a backup, or remove it to become a new peer.");
    }

    // The same damage found at each start is kept once.
    private static string KeepCopy(string path)
    {
        string copy = path + ".damaged";
        if (!File.Exists(copy) || !SameBytes(path, copy))
        {
            for (int number = 2; File.Exists(copy); number++)
            {
                copy = $"{path}.damaged{number}";
                if (File.Exists(copy) && SameBytes(path, copy))
                {
                    return copy;
                }
            }

            DurableFile.Copy(path, copy);
        }

        return copy;
    }

    private static bool SameBytes(string one, string other) =>
        new FileInfo(one).Length == new FileInfo(other).Length && File.ReadAllBytes(one).AsSpan().SequenceEqual(File.ReadAllBytes(other));

    private static PrivateKey Create(string path, KeyType type)
    {
        // A folder that is not there is most likely a misspelling: an identity in the wrong place is one that is lost.
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
        {
            throw new MeshException($"The identity file {path} cannot be made: there is no folder {folder}.");
        }

        var key = PrivateKey.Generate(type);
        DurableFile.Write(path, key.Encode());
        return key;
    }
}
