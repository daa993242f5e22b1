using System.Text;
using Blackwall.Tarpit.Banners.Wire;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Banners;

/// <summary>Redis 7.0 without a password: a small store for each connection's address, and what attackers set it up for refused in the server's words.</summary>
internal sealed class RedisService(Machine machine, TimeSpan idle) : BannerService(machine.Time, idle)
{
    private const int LargestBuffer = RespRequest.LargestBulk + 4096;
    private const int LongestRecord = 2048;
    private const int EnoughToSend = 64 * 1024;

    // What monitors and scanners ask as well; all else is an attempt at something.
    private static readonly HashSet<string> s_harmless = new(StringComparer.OrdinalIgnoreCase) { "PING", "INFO", "ECHO", "HELLO", "CLIENT", "COMMAND", "QUIT", "SELECT", "AUTH", "DBSIZE", "ROLE", "TIME" };

    private readonly RedisServer _server = new(machine);

    public override string Protocol => "redis";

    protected override async Task RunAsync(Peer peer, ISessionLog log, Action alive, CancellationToken cancellation)
    {
        RedisClient client = new(_server, _server.StoreOf(peer.Remote.Address), peer.Remote);
        byte[] buffer = [];
        int length = 0;
        while (!client.HasQuit)
        {
            if (length == 0)
            {
                peer.Memory.Return(buffer.Length);
                buffer = [];
                await peer.WaitAsync(cancellation);
            }

            if (buffer.Length - length < 1024)
            {
                int larger = Math.Min(Math.Max(4096, buffer.Length * 2), LargestBuffer);
                if (!peer.Memory.TryTake(larger - buffer.Length))
                {
                    await WriteAsync(peer, RedisClient.OutOfMemory, cancellation);
                    return;
                }

                Array.Resize(ref buffer, larger);
            }

            int got = length < buffer.Length ? await peer.ReadAsync(buffer.AsMemory(length), cancellation) : 0;
            if (got == 0)
            {
                return;
            }

            alive();
            length += got;
            StringBuilder answer = new();
            int at = 0, used;
            string? error;
            while ((used = RespRequest.Read(buffer.AsSpan(at, length - at), out byte[][] words, out error)) > 0 && !client.HasQuit)
            {
                at += used;
                if (words.Length > 0)
                {
                    Record(log, words);
                    answer.Append(client.Run(words));
                }

                if (answer.Length > EnoughToSend)
                {
                    await WriteAsync(peer, answer.ToString(), cancellation);
                    answer.Clear();
                }
            }

            if (error is not null)
            {
                answer.Append($"-ERR {error}\r\n");
            }

            if (answer.Length > 0)
            {
                await WriteAsync(peer, answer.ToString(), cancellation);
            }

            if (error is not null)
            {
                return;
            }

            buffer.AsSpan(at, length - at).CopyTo(buffer);
            length -= at;
        }
    }

    private static void Record(ISessionLog log, byte[][] words)
    {
        string[] texts = [.. words.Select(Encoding.UTF8.GetString)];
        if (texts[0].Equals("AUTH", StringComparison.OrdinalIgnoreCase) && texts.Length is 2 or 3)
        {
            log.Record(new Observation(ObservationKinds.Login) { User = texts.Length == 3 ? texts[1] : "default", Secret = texts[^1], Method = "auth", Success = texts.Length == 3 && texts[1] is "default" });
            return;
        }

        string line = string.Join(' ', texts);
        log.Record(new Observation(s_harmless.Contains(texts[0]) ? ObservationKinds.Request : ObservationKinds.Command) { Text = line.Length > LongestRecord ? line[..LongestRecord] : line });

        // A key that is meant to become a file: what was planted is kept whole.
        const int worthKeeping = 256;
        if (texts[0].Equals("SET", StringComparison.OrdinalIgnoreCase) && words.Length > 2 && words[2].Length > worthKeeping)
        {
            log.Record(new Observation(ObservationKinds.Upload) { Name = texts[1], Sha256 = log.SaveFile("redis", words[2]), Size = words[2].Length });
        }
    }
}
