using System.Security.Cryptography;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Identity;

namespace Blackwall.Mesh.Sharing;

/// <summary>
/// A file of ours with a SHA-256 over its content, and the one before it beside it. A torn or damaged file is kept as a copy, told of, and the one before it is taken.
/// </summary>
/// <param name="path">Where it lies; the former one is "PATH.previous".</param>
/// <param name="most">Bytes that are read at most.</param>
internal sealed class StateFile(string path, int most)
{
    private string Previous => path + ".previous";

    /// <summary>What was wrong with the file at the last <see cref="Load"/>, with what was done; null: nothing.</summary>
    public string? Problem { get; private set; }

    /// <summary>The content; null: there is none. <paramref name="isPrevious"/>: it is that of the former file.</summary>
    public byte[]? Load(out bool isPrevious)
    {
        isPrevious = false;
        Problem = null;
        if (!File.Exists(path) && !File.Exists(Previous))
        {
            return null;
        }

        if (Read(path) is { } content)
        {
            return content;
        }

        string what = "it is not there";
        if (File.Exists(path))
        {
            string copy = path + ".damaged";
            for (int number = 2; File.Exists(copy); number++)
            {
                copy = $"{path}.damaged{number}";
            }

            File.Move(path, copy);
            what = $"it is damaged and kept as {copy}";
        }

        isPrevious = true;
        content = Read(Previous);
        Problem = $"{path}: {what}; {(content is null ? "what it held is lost and learnt anew" : "the state before it is used")}.";
        return content;
    }

    /// <summary>Writes the content, whole or not at all. Throws <see cref="MeshException"/>.</summary>
    public void Save(ReadOnlySpan<byte> content)
    {
        try
        {
            if (File.Exists(path))
            {
                File.Move(path, Previous, overwrite: true);
            }

            DurableFile.Write(path, [.. SHA256.HashData(content), .. content]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MeshException($"{path} cannot be written: {exception.Message}", exception);
        }
    }

    private byte[]? Read(string file)
    {
        try
        {
            if (!File.Exists(file) || new FileInfo(file).Length > most)
            {
                return null;
            }

            byte[] bytes = File.ReadAllBytes(file);
            return bytes.Length >= SHA256.HashSizeInBytes && SHA256.HashData(bytes.AsSpan(SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(bytes.AsSpan(0, SHA256.HashSizeInBytes))
                ? bytes[SHA256.HashSizeInBytes..]
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MeshException($"{file} cannot be read: {exception.Message}", exception);
        }
    }
}
