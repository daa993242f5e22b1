using System.Globalization;
using System.IO.Compression;
using Blackwall.Capture.Wire;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Capture;

/// <summary>
/// Where the files of captures lie. A name is made of two numbers of ours, so nothing that a packet or a caller says becomes one. Thread-safe.
/// </summary>
internal sealed class CaptureFolder(IOptions<CaptureOptions> options, IOptions<StorageOptions> storage)
{
    /// <summary>Ends the name of a file that is being written.</summary>
    public const string Unfinished = ".part";
    private const string Compressed = ".gz";
    private const string Prefix = "capture-";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Path => options.Value.Folder.Length > 0 ? options.Value.Folder : System.IO.Path.Combine(storage.Value.StateFolder, "captures");

    // A file must not change its name or go while another thread picks or packs it.
    private readonly Lock _files = new();

    /// <summary>The name of one of a capture's files, which count from 1.</summary>
    public string FileOf(long capture, int number) =>
        System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{capture:D10}-{number:D4}.pcapng"));

    /// <summary>Makes the folder and gives the bytes of all captures in it.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public long Prepare()
    {
        Directory.CreateDirectory(Path, OwnerOnly | UnixFileMode.UserExecute);
        return Directory.EnumerateFiles(Path, Prefix + "*").Sum(file => new FileInfo(file).Length);
    }

    /// <summary>Bytes on the disk of one capture.</summary>
    public long SizeOf(CaptureRecord capture) => Files(capture.Id, capture.Files).Sum(file => new FileInfo(file).Length);

    /// <summary>Opens what is there of a capture, file after file; whole blocks, not compressed.</summary>
    public Stream OpenRead(long capture, int files)
    {
        List<Stream> parts = [];
        lock (_files)
        {
            foreach (string file in Files(capture, files))
            {
                FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                parts.Add(file.EndsWith(Compressed, StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : new FixedStream(stream, stream.Length));
            }
        }

        return new JoinedStream(parts);
    }

    /// <summary>Removes a capture's files; gives the bytes that this frees.</summary>
    public long Remove(long capture, int files)
    {
        long freed = 0;
        lock (_files)
        {
            foreach (string file in Files(capture, files))
            {
                freed += new FileInfo(file).Length;
                File.Delete(file);
            }
        }

        return freed;
    }

    /// <summary>Compresses a complete file; gives the bytes that this frees. One that was removed meanwhile frees nothing.</summary>
    public long Compress(string file)
    {
        lock (_files)
        {
            return File.Exists(file) ? Pack(file) : 0;
        }
    }

    private static long Pack(string file)
    {
        string target = file + Compressed;
        long before;
        try
        {
            using (FileStream from = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
            using (FileStream to = new(target + Unfinished, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            using (GZipStream zip = new(to, CompressionLevel.Fastest))
            {
                before = from.Length;
                from.CopyTo(zip);
            }

            File.Move(target + Unfinished, target, overwrite: true);
            File.Delete(file);
            return before - new FileInfo(target).Length;
        }
        catch (IOException)
        {
            // No room: the file stays as it is.
            File.Delete(target + Unfinished);
            return 0;
        }
    }

    /// <summary>Ends files that a killed process left: cut after the last whole block, given their name. Gives how many files there are.</summary>
    public int Mend(long capture, int most)
    {
        int found = 0;
        for (int number = 1; number <= most; number++)
        {
            string file = FileOf(capture, number);
            if (File.Exists(file + Unfinished))
            {
                using (FileStream stream = new(file + Unfinished, FileMode.Open, FileAccess.ReadWrite))
                {
                    stream.SetLength(WholeBlocks(stream));
                }

                File.Move(file + Unfinished, file, overwrite: true);
            }

            found = File.Exists(file) || File.Exists(file + Compressed) ? number : found;
        }

        return found;
    }

    private static long WholeBlocks(FileStream stream)
    {
        long whole = 0;
        Span<byte> head = stackalloc byte[8];
        while (whole + head.Length <= stream.Length)
        {
            stream.Position = whole;
            if (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length
                || !PcapngWriter.TryBlockLength(head, out int length) || whole + length > stream.Length)
            {
                break;
            }

            whole += length;
        }

        return whole;
    }

    private IEnumerable<string> Files(long capture, int files)
    {
        for (int number = 1; number <= files; number++)
        {
            string file = FileOf(capture, number);
            if (new[] { file, file + Compressed, file + Unfinished }.FirstOrDefault(File.Exists) is { } there)
            {
                yield return there;
            }
        }
    }
}
