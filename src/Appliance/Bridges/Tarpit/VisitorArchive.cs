using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Blackwall.Bridges.Tarpit;

/// <summary>
/// What visitors of the tarpit left, kept for their next visit: values of at most 4 MiB under keys of 32 bytes, one file each. What was not used for 30
/// days goes, and the oldest go when all are too large. The content is the tarpit's; nothing here reads it. Thread-safe.
/// </summary>
internal sealed class VisitorArchive : IAsyncDisposable
{
    public const int LargestValue = 4 << 20;
    public const int KeyLength = 32;

    private const int MostQueued = 64;
    private const long MostQueuedBytes = 32L << 20;

    // What a file takes of a disk at least.
    private const long Block = 4096;

    private const int MostFiles = 100_000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private readonly string _folder;
    private readonly long _mostBytes;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, (long Size, DateTimeOffset Used)> _there = new(StringComparer.Ordinal);
    private readonly Channel<(string Name, byte[] Value)> _queue = Channel.CreateBounded<(string, byte[])>(new BoundedChannelOptions(MostQueued) { SingleReader = true });
    private readonly Task _writing;
    private long _bytes;
    private long _lost;
    private long _queued;

    // The folder is made if need be, for the owner alone.
    public VisitorArchive(string folder, long mostBytes, TimeProvider time)
    {
        (_folder, _mostBytes, _time) = (folder, mostBytes, time);
        System.IO.Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles())
        {
            if (IsName(file.Name) && file.Length <= LargestValue)
            {
                _there[file.Name] = (OnDisk(file.Length), new DateTimeOffset(file.LastWriteTimeUtc));
                _bytes += OnDisk(file.Length);
            }
            else if (file.Name.EndsWith(".new", StringComparison.Ordinal))
            {
                file.Delete();
            }
        }

        RemoveOld();
        _writing = WriteAsync();
    }

    /// <summary>Values that could not be written.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Every key that has a value.</summary>
    public IEnumerable<byte[]> Keys => _there.Keys.Select(Convert.FromHexString);

    /// <summary>Null: there is nothing under it.</summary>
    public async Task<byte[]?> LoadAsync(byte[] key, CancellationToken cancellation)
    {
        string name = Convert.ToHexStringLower(key);
        if (!_there.TryGetValue(name, out (long Size, DateTimeOffset Used) entry) || _time.GetUtcNow() - entry.Used > Lifetime)
        {
            return null;
        }

        try
        {
            string path = Path.Combine(_folder, name);
            byte[] value = await File.ReadAllBytesAsync(path, cancellation);
            _there[name] = (OnDisk(value.Length), _time.GetUtcNow());
            File.SetLastWriteTimeUtc(path, _time.GetUtcNow().UtcDateTime);
            return value;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes a value soon.</summary>
    public void Save(byte[] key, byte[] value)
    {
        if (key.Length != KeyLength || value.Length is 0 or > LargestValue)
        {
            Interlocked.Increment(ref _lost);
            return;
        }

        if (Interlocked.Add(ref _queued, value.Length) > MostQueuedBytes || !_queue.Writer.TryWrite((Convert.ToHexStringLower(key), value)))
        {
            Interlocked.Add(ref _queued, -value.Length);
            Interlocked.Increment(ref _lost);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
    }

    private static long OnDisk(long length) => (length + Block - 1) / Block * Block;

    private static bool IsName(string name) => name.Length == KeyLength * 2 && name.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f');

    private async Task WriteAsync()
    {
        await foreach ((string name, byte[] value) in _queue.Reader.ReadAllAsync())
        {
            Interlocked.Add(ref _queued, -value.Length);
            try
            {
                string path = Path.Combine(_folder, name);
                await File.WriteAllBytesAsync(path + ".new", value);
                File.SetUnixFileMode(path + ".new", UnixFileMode.UserRead | UnixFileMode.UserWrite);
                File.Move(path + ".new", path, overwrite: true);
                long before = _there.TryGetValue(name, out (long Size, DateTimeOffset Used) entry) ? entry.Size : 0;
                _there[name] = (OnDisk(value.Length), _time.GetUtcNow());
                Interlocked.Add(ref _bytes, OnDisk(value.Length) - before);
                if (Bytes > _mostBytes || _there.Count > MostFiles)
                {
                    RemoveOld();
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Interlocked.Increment(ref _lost);
            }
        }
    }

    // Down to nine tenths, so that it is not done for every value.
    private void RemoveOld()
    {
        DateTimeOffset oldest = _time.GetUtcNow() - Lifetime;
        foreach ((string name, (long size, DateTimeOffset used)) in _there.OrderBy(entry => entry.Value.Used).ToList())
        {
            if (used > oldest && Bytes <= _mostBytes / 10 * 9 && _there.Count <= MostFiles / 10 * 9)
            {
                break;
            }

            try
            {
                File.Delete(Path.Combine(_folder, name));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            _there.TryRemove(name, out _);
            Interlocked.Add(ref _bytes, -size);
        }
    }
}
