using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Blackwall.Storage;

/// <summary>
/// Files of the state folder that are written whole: state that is worth keeping and may be lost. Each has its length and SHA-256 in front,
/// and takes the place of the one before only when it is on the disk.
/// </summary>
public sealed class SnapshotStore(IOptions<StorageOptions> options)
{
    private const uint Magic = 0x31534c42; // "BLS1"
    private const int HeaderBytes = 4 + 8 + 32;

    /// <summary>Writes a snapshot; throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> when the disk refuses.</summary>
    /// <param name="name">File name without folder.</param>
    /// <param name="content">All of it.</param>
    public void Write(string name, ReadOnlySpan<byte> content)
    {
        string file = Path.Combine(options.Value.StateFolder, name);
        string fresh = file + ".new";
        Span<byte> header = stackalloc byte[HeaderBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(header[4..], content.Length);
        SHA256.HashData(content, header[12..]);
        using (FileStream stream = new(fresh, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            stream.Write(header);
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(fresh, file, overwrite: true);
    }

    /// <summary>Null: there is none, or it is damaged (<paramref name="damage"/> says how) and was put aside.</summary>
    /// <param name="name">File name without folder.</param>
    /// <param name="most">Bytes that are read at most; a larger file is damaged.</param>
    /// <param name="damage">One sentence.</param>
    public byte[]? Read(string name, long most, out string? damage)
    {
        damage = null;
        string file = Path.Combine(options.Value.StateFolder, name);
        try
        {
            FileInfo info = new(file);
            if (!info.Exists)
            {
                return null;
            }

            if (info.Length < HeaderBytes || info.Length > most + HeaderBytes)
            {
                damage = $"{file} has a wrong size";
            }
            else
            {
                byte[] all = File.ReadAllBytes(file);
                ReadOnlySpan<byte> content = all.AsSpan(HeaderBytes);
                Span<byte> hash = stackalloc byte[32];
                SHA256.HashData(content, hash);
                if (BinaryPrimitives.ReadUInt32LittleEndian(all) == Magic
                    && BinaryPrimitives.ReadInt64LittleEndian(all.AsSpan(4)) == content.Length
                    && all.AsSpan(12, 32).SequenceEqual(hash))
                {
                    return all[HeaderBytes..];
                }

                damage = $"{file} is damaged";
            }

            File.Move(file, file + ".damaged", overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            damage = $"{file} cannot be read: {failure.Message}";
        }

        return null;
    }
}
