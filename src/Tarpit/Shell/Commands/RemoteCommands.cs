using System.Globalization;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Commands that talk to other machines. None sends anything: names do not resolve and addresses do not answer.</summary>
internal static class RemoteCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["ping"] = PingAsync,
        ["ping6"] = PingAsync,
        ["nslookup"] = ResolveAsync,
        ["dig"] = ResolveAsync,
        ["host"] = ResolveAsync,
        ["delv"] = ResolveAsync,
        ["ssh-keyscan"] = QuietAsync,
        ["tracepath"] = TraceAsync,
        ["mtr"] = TraceAsync,
        ["ntpdate"] = QuietAsync,
        ["redis-cli"] = LocalServerAsync,
    };

    private static async ValueTask<int> QuietAsync(Invocation i)
    {
        i.State.Log.Record(new Recording.Observation(Recording.ObservationKinds.Download) { Name = i.Name, Text = string.Join(' ', i.Arguments), Host = i.Operands.LastOrDefault("") });
        await i.WaitAsync(5);
        return 1;
    }

    private static async ValueTask<int> TraceAsync(Invocation i)
    {
        await i.PrintAsync(" 1?: [LOCALHOST]                      pmtu 1500\n");
        for (int hop = 1; hop <= 5; hop++)
        {
            await i.WaitAsync(1);
            await i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $" {hop}:  no reply\n"));
        }

        return await SystemCommands.PrintAsync(i, "     Too many hops: pmtu 1500\n     Resume: pmtu 1500 \n");
    }

    // It runs here, and answers as the port does.
    private static async ValueTask<int> LocalServerAsync(Invocation i)
    {
        OptionParsing options = OptionParsing.Lenient(i.Arguments, "h:p:a:n:s:xu:", ("pass", 'a'));
        if (options.Value('h') is { } host && host is not ("127.0.0.1" or "localhost"))
        {
            await i.WaitAsync(10);
            return await SystemCommands.PrintAsync(i, $"Could not connect to Redis at {host}:{options.Value('p') ?? "6379"}: Connection timed out\n", 1);
        }

        return await SystemCommands.PrintAsync(i, options.Operands.Count == 0 ? "" : options.Operands[0].ToUpperInvariant() switch { "PING" => "PONG\n", "KEYS" or "SCAN" => "(empty array)\n", "INFO" => "# Server\nredis_version:7.0.15\n", "SET" or "CONFIG" or "SAVE" or "FLUSHALL" or "SELECT" => "OK\n", "GET" => "(nil)\n", _ => $"(error) ERR unknown command '{options.Operands[0]}', with args beginning with: \n" });
    }

    private static async ValueTask<int> PingAsync(Invocation i)
    {
        string host = i.OperandsWithout("cWiIst").FirstOrDefault("");
        if (host.Length == 0)
        {
            return await i.FailAsync("usage error: Destination address required", 1);
        }

        if (!System.Net.IPAddress.TryParse(host, out System.Net.IPAddress? address) && host is not "localhost")
        {
            await i.WaitAsync(2);
            return await i.FailAsync($"{host}: Temporary failure in name resolution", 2);
        }

        int count = i.Number('c', 4);
        bool local = host is "localhost" || System.Net.IPAddress.IsLoopback(address!);
        await i.PrintAsync($"PING {host} ({(local ? "127.0.0.1" : host)}) 56(84) bytes of data.\n");
        for (int n = 1; n <= Math.Clamp(count, 1, 20); n++)
        {
            if (local)
            {
                await i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"64 bytes from {host} (127.0.0.1): icmp_seq={n} ttl=64 time=0.0{20 + n} ms\n"));
            }

            await i.WaitAsync(1);
        }

        await i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"\n--- {host} ping statistics ---\n{count} packets transmitted, {(local ? count : 0)} received, {(local ? 0 : 100)}% packet loss, time {(count - 1) * 1012}ms\n{(local ? "rtt min/avg/max/mdev = 0.021/0.023/0.026/0.001 ms\n" : "\n")}"));
        return local ? 0 : 1;
    }

    private static async ValueTask<int> ResolveAsync(Invocation i)
    {
        await i.WaitAsync(5);
        return i.Name is "dig" ? await SystemCommands.PrintAsync(i, ";; communications error to 127.0.0.53#53: timed out\n;; no servers could be reached\n") + 9
            : await SystemCommands.PrintAsync(i, ";; communications error to 127.0.0.53#53: timed out\n;; no servers could be reached\n\n") + 1;
    }
}
