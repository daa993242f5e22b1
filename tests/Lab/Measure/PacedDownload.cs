using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Measure;

/// <summary>A download that is read at an easy pace until it is told to hurry, and then as fast as it comes.</summary>
public sealed class PacedDownload : IDisposable
{
    private const int ChunkBytes = 100_000;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50); // 2 MB/s

    private readonly Socket _socket;
    private long _read;
    private long _wanted = long.MaxValue;
    private volatile bool _hurries;

    private PacedDownload(Socket socket) => _socket = socket;

    public long Read => Interlocked.Read(ref _read);

    /// <param name="socket">Connected; the download takes it over.</param>
    /// <param name="path">What to ask for; far more than is read.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<PacedDownload> StartAsync(Socket socket, string path, CancellationToken cancellation)
    {
        PacedDownload download = new(socket);
        await socket.SendAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"GET {path} HTTP/1.1\r\nHost: lab\r\n\r\n")), cancellation);
        _ = Task.Run(() => download.ReadAsync(cancellation), cancellation);
        return download;
    }

    /// <summary>Reads so many more bytes as fast as they come. False: they did not come in time.</summary>
    public async Task<bool> HurryAsync(long bytes, TimeSpan limit, CancellationToken cancellation)
    {
        Interlocked.Exchange(ref _wanted, Read + bytes);
        _hurries = true;
        return await Tool.UntilAsync(() => Task.FromResult(Read >= Interlocked.Read(ref _wanted)), limit, cancellation);
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReadAsync(CancellationToken cancellation)
    {
        var buffer = new byte[ChunkBytes];
        try
        {
            while (Read < Interlocked.Read(ref _wanted))
            {
                var length = await _socket.ReceiveAsync(buffer, cancellation);
                if (length == 0)
                {
                    return;
                }

                Interlocked.Add(ref _read, length);
                if (!_hurries)
                {
                    await Tool.PauseAsync(s_pause * ((double)length / ChunkBytes), cancellation);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut off: what is missing tells.
        }
    }
}
