using System.Globalization;
using System.Net;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Remote;

/// <summary>nc(1) as OpenBSD has it: no -e. Nothing is connected.</summary>
internal static class NetcatCommand
{
    private const string Usage = "usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]\n\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]\n\t  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]\n\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]\n\t  [destination] [port]\n";
    private const int MostPorts = 1024;
    private const double TimeoutSeconds = 130;

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "46bCDdFhklNnrStUuvZzI:i:M:m:O:P:p:q:s:T:V:W:w:X:x:", null, isMixed: true);
        if (options.Error is { } error)
        {
            bool isMissing = error.EndsWith("requires an argument", StringComparison.Ordinal);
            return await TellAsync(i, isMissing ? $"nc: option requires an argument -- '{error[1]}'\n{Usage}" : $"nc: invalid option -- '{error[1]}'\n{Usage}");
        }

        if (options.Has('h'))
        {
            await TellAsync(i, $"OpenBSD netcat (Debian patchlevel 1.226-1ubuntu2)\n{Usage}");
            return 0;
        }

        IReadOnlyList<string> operands = options.Operands;
        i.State.Log.Record(new Observation(ObservationKinds.Download) { Name = "nc", Text = string.Join(' ', i.Arguments), Host = operands.FirstOrDefault("") });
        if (options.Has('U'))
        {
            return operands.Count == 0 ? await TellAsync(i, Usage) : await TellAsync(i, $"nc: unix connect failed: No such file or directory\nnc: {operands[0]}: No such file or directory\n");
        }

        if (options.Has('l'))
        {
            return await ListenAsync(i, options, operands.Count > 0 && options.Value('p') is null ? operands[^1] : options.Value('p'));
        }

        if (operands.Count == 0)
        {
            return await TellAsync(i, Usage);
        }

        return operands.Count == 1 ? await TellAsync(i, "nc: missing port number\n") : await ConnectAsync(i, options, operands[0], operands[1]);
    }

    private static async ValueTask<int> ListenAsync(Invocation i, OptionParsing options, string? port)
    {
        if (port is null)
        {
            return await TellAsync(i, "nc: missing port number\n");
        }

        if (Fault(port) is { } fault)
        {
            return await TellAsync(i, fault);
        }

        if (Reach.Listener(i.State, int.Parse(port, CultureInfo.InvariantCulture)) is not null)
        {
            return await TellAsync(i, "nc: Address already in use\n");
        }

        await i.Streams.Error.WriteAsync(options.Has('v') ? $"Listening on 0.0.0.0 {port}\n" : "", i.Cancellation);
        double wait = double.TryParse(options.Value('w'), CultureInfo.InvariantCulture, out double seconds) ? seconds : TimeSpan.FromDays(1).TotalSeconds;
        await i.State.Turns.OutsideAsync(() => Task.Delay(TimeSpan.FromSeconds(Math.Clamp(wait, 0, TimeSpan.FromDays(1).TotalSeconds)), i.Machine.Time, i.Cancellation));
        return 1;
    }

    private static async ValueTask<int> ConnectAsync(Invocation i, OptionParsing options, string host, string ports)
    {
        string[] ends = ports.Split('-', 2);
        if (ends.Select(Fault).FirstOrDefault(fault => fault is not null) is { } fault)
        {
            return await TellAsync(i, fault);
        }

        int first = int.Parse(ends[0], CultureInfo.InvariantCulture), last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
        bool isAddress = IPAddress.TryParse(host, out IPAddress? address), isUdp = options.Has('u'), isTold = options.Has('v');
        if (!Reach.Resolves(i.State, host))
        {
            await i.WaitAsync(Reach.ResolveSeconds);
            return await TellAsync(i, $"nc: getaddrinfo for host \"{host}\" port {ends[0]}: {(options.Has('n') ? "Name or service not known" : "Temporary failure in name resolution")}\n");
        }

        int status = 1;
        for (int port = Math.Min(first, last); port <= Math.Min(Math.Max(first, last), first + MostPorts); port++)
        {
            string text = port.ToString(CultureInfo.InvariantCulture), protocol = isUdp ? "udp" : "tcp";
            if (Reach.IsOwn(i.State, host))
            {
                bool isOpen = Reach.Listener(i.State, port) is not null || isUdp;
                await i.Streams.Error.WriteAsync(!isTold ? "" : isOpen ? $"Connection to {host}{(isAddress ? "" : " (127.0.0.1)")} {text} port [{protocol}/{Service(port)}] succeeded!\n" : $"nc: connect to {host}{(isAddress ? "" : " (127.0.0.1)")} port {text} ({protocol}) failed: Connection refused\n", i.Cancellation);
                status = isOpen ? 0 : status;
                continue;
            }

            await i.WaitAsync(double.TryParse(options.Value('w'), CultureInfo.InvariantCulture, out double seconds) ? Math.Min(seconds, TimeoutSeconds) : TimeoutSeconds);
            await i.Streams.Error.WriteAsync(isTold && !isUdp ? $"nc: connect to {host} port {text} ({protocol}) {(options.Has('w') ? "timed out: Operation now in progress" : "failed: Connection timed out")}\n" : "", i.Cancellation);
        }

        return status;
    }

    private static string Service(int port) => port switch { 21 => "ftp", 22 => "ssh", 23 => "telnet", 25 => "smtp", 53 => "domain", 80 => "http", 139 => "netbios-ssn", 443 => "https", 445 => "microsoft-ds", 587 => "submission", 3306 => "mysql", 3389 => "ms-wbt-server", 6379 => "redis", 8080 => "http-alt", _ => "*" };

    private static string? Fault(string port) => !port.All(char.IsAsciiDigit) || port.Length == 0 ? $"nc: service \"{port}\" unknown\n"
        : port.Length > 9 || int.Parse(port, CultureInfo.InvariantCulture) > 65535 ? $"nc: port number too large: {port}\n"
        : int.Parse(port, CultureInfo.InvariantCulture) == 0 ? $"nc: port number too small: {port}\n" : null;

    private static async ValueTask<int> TellAsync(Invocation i, string text)
    {
        await i.Streams.Error.WriteAsync(text, i.Cancellation);
        return 1;
    }
}
