using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Connections;

/// <summary>nc(1) of OpenBSD and telnet(1). They reach the ports of the machine itself.</summary>
internal static class NetcatCommand
{
    private const int MostPorts = 64;
    private const string Usage = "usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]\n\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]\n\t  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]\n\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]\n\t  [destination] [port]\n";
    private static readonly TimeSpan s_silence = TimeSpan.FromMilliseconds(400);

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "46bCDdFhklNnrStUuvZzI:i:M:m:O:P:p:q:s:T:V:W:w:X:x:", isMixed: true);
        if (options.Error is { } error)
        {
            return await TellAsync(i, error.EndsWith("requires an argument", StringComparison.Ordinal) ? $"nc: option requires an argument -- '{error[1]}'\n{Usage}" : $"nc: invalid option -- '{error[1]}'\n{Usage}");
        }

        if (options.Has('h'))
        {
            await TellAsync(i, "OpenBSD netcat (Debian patchlevel 1.226-1ubuntu2)\n" + Usage);
            return 0;
        }

        IReadOnlyList<string> operands = options.Operands;
        i.State.Log.Record(new Observation(ObservationKinds.Download) { Name = i.Name, Text = string.Join(' ', i.Arguments), Host = operands.FirstOrDefault("") });
        if (options.Has('U'))
        {
            return await TellAsync(i, operands.Count == 0 ? Usage : $"nc: unix connect failed: No such file or directory\nnc: {operands[0]}: No such file or directory\n");
        }

        if (options.Has('l'))
        {
            return await ListenAsync(i, options, operands.Count > 0 && options.Value('p') is null ? operands[^1] : options.Value('p'));
        }

        if (operands is not [var host, var ports, ..])
        {
            return await TellAsync(i, operands.Count == 0 ? Usage : "nc: missing port number\n");
        }

        if (ports.Split('-', 2).Select(end => Fault(i, end)).FirstOrDefault(fault => fault is not null) is { } wrong)
        {
            return await TellAsync(i, wrong);
        }

        TimeSpan? patience = double.TryParse(options.Value('w'), NumberStyles.None, CultureInfo.InvariantCulture, out double seconds) && seconds > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, 86_400)) : null;
        int status = 1;
        foreach (string text in Range(ports))
        {
            int port = Dialer.Port(i.State, text) ?? 0;
            Attempt attempt = await Dialer.DialAsync(i.State, host, port, patience, i.Cancellation);
            if (attempt.Address is null)
            {
                await i.Streams.Error.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"nc: getaddrinfo for host \"{host}\" port {port}: {attempt.Error}\n"), i.Cancellation);
                return 1;
            }

            if (options.Has('u') && attempt.Reach is not Reach.Connected)
            {
                // A datagram is gone, whoever gets it.
                status = 0;
                continue;
            }

            if (attempt.Stream is not { } stream)
            {
                await (options.Has('v') ? i.Streams.Error.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"nc: connect to {host} {(string.Equals(host, $"{attempt.Address}", StringComparison.Ordinal) ? "" : $"({attempt.Address}) ")}port {port} ({(options.Has('u') ? "udp" : "tcp")}) {(attempt.Reach is Reach.TimedOut ? "timed out: Operation now in progress" : $"failed: {attempt.Error}")}\n"), i.Cancellation) : ValueTask.CompletedTask);
                continue;
            }

            await using (stream)
            {
                status = 0;
                await (options.Has('v') ? i.Streams.Error.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"Connection to {host} {(string.Equals(host, $"{attempt.Address}", StringComparison.Ordinal) ? "" : $"({attempt.Address}) ")}{port} port [tcp/{(options.Has('n') ? "*" : Name(i, port))}] succeeded!\n"), i.Cancellation) : ValueTask.CompletedTask);
                if (!options.Has('z'))
                {
                    await TalkAsync(i, stream, patience);
                    return 0;
                }
            }
        }

        return status;
    }

    private static async ValueTask<int> ListenAsync(Invocation i, OptionParsing options, string? port)
    {
        if ((port is null ? "nc: missing port number\n" : Fault(i, port)) is { } fault)
        {
            return await TellAsync(i, fault);
        }

        int number = Dialer.Port(i.State, port!) ?? 0;
        if (World.Sockets.IsTaken(i.State.Visit.Memory, number) || (number < 1024 && i.State.Visit.UserId != 0))
        {
            return await TellAsync(i, number < 1024 && i.State.Visit.UserId != 0 ? "nc: Permission denied\n" : "nc: Address already in use\n");
        }

        await (options.Has('v') ? i.Streams.Error.WriteAsync($"Listening on 0.0.0.0 {port}\n", i.Cancellation) : ValueTask.CompletedTask);
        TimeSpan? patience = double.TryParse(options.Value('w'), NumberStyles.None, CultureInfo.InvariantCulture, out double seconds) && seconds > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, 86_400)) : null;
        using Listening listening = Listening.Open(i, "0.0.0.0", number, 1, $"nc {string.Join(' ', i.Arguments)}");
        do
        {
            if (await listening.AcceptAsync(patience, i.Cancellation) is not { } stream)
            {
                return 1;
            }

            await using (stream)
            {
                await (options.Has('v') ? i.Streams.Error.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"Connection received on localhost {40_000 + Random.Shared.Next(20_000)}\n"), i.Cancellation) : ValueTask.CompletedTask);
                await TalkAsync(i, stream, patience);
            }
        }
        while (options.Has('k'));
        return 0;
    }

    private static string? Fault(Invocation i, string port) =>
        Dialer.Port(i.State, port) is not null ? null
        : port.Length == 0 || !port.All(char.IsAsciiDigit) ? $"nc: service \"{port}\" unknown\n"
        : port.All(digit => digit == '0') ? $"nc: port number too small: {port}\n" : $"nc: port number too large: {port}\n";

    private static async ValueTask<int> TellAsync(Invocation i, string text)
    {
        await i.Streams.Error.WriteAsync(text, i.Cancellation);
        return 1;
    }

    public static async ValueTask<int> TelnetAsync(Invocation i)
    {
        OptionParsing options = OptionParsing.Lenient(i.Arguments, "468EKLX:ab:de:fFk:l:n:rx");
        if (options.Operands is not [var host, ..])
        {
            return await SystemCommands.PrintAsync(i, "telnet> \n");
        }

        i.State.Log.Record(new Observation(ObservationKinds.Download) { Name = i.Name, Text = string.Join(' ', i.Arguments), Host = host });
        string named = options.Operands.ElementAtOrDefault(1) ?? "23";
        if (Dialer.Port(i.State, named) is not { } port)
        {
            await i.Streams.Error.WriteAsync($"telnet: could not resolve {host}/{named}: Servname not supported for ai_socktype\n", i.Cancellation);
            return 1;
        }

        Attempt attempt = await Dialer.DialAsync(i.State, host, port, null, i.Cancellation);
        if (attempt.Address is null)
        {
            await i.Streams.Error.WriteAsync($"telnet: could not resolve {host}/{(named is "23" ? "telnet" : named)}: {attempt.Error}\n", i.Cancellation);
            return 1;
        }

        await i.PrintAsync($"Trying {attempt.Address}...\n");
        if (attempt.Stream is not { } stream)
        {
            await i.Streams.Error.WriteAsync($"telnet: Unable to connect to remote host: {attempt.Error}\n", i.Cancellation);
            return 1;
        }

        await i.PrintAsync($"Connected to {host}.\nEscape character is '^]'.\n");
        await using (stream)
        {
            await TalkAsync(i, stream, null);
        }

        await i.Streams.Error.WriteAsync("Connection closed by foreign host.\n", i.Cancellation);
        return 1;
    }

    // What the other end says, then a line of the input, and so on: a server that greets is heard first, and one that waits is spoken to.
    private static async ValueTask TalkAsync(Invocation i, WireStream stream, TimeSpan? patience)
    {
        byte[] buffer = new byte[8192];
        bool isOpen = await HearAsync(i, stream, buffer, s_silence);
        try
        {
            while (isOpen && await i.Streams.Input.ReadLineAsync(i.Cancellation) is { } line)
            {
                await i.State.Turns.OutsideAsync(() => stream.WriteAsync(Encoding.Latin1.GetBytes(line + "\n"), i.Cancellation).AsTask());
                isOpen = i.Streams.Input.Available > 0 || await HearAsync(i, stream, buffer, s_silence);
            }

            if (isOpen)
            {
                stream.EndWriting();
                await HearAsync(i, stream, buffer, patience ?? TimeSpan.FromMinutes(2));
            }
        }
        catch (IOException)
        {
            // It closed the connection.
        }
    }

    // False: the other end has closed.
    private static async ValueTask<bool> HearAsync(Invocation i, WireStream stream, byte[] buffer, TimeSpan silence)
    {
        while (true)
        {
            int got = -1;
            using CancellationTokenSource limit = new(silence, i.Machine.Time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, i.Cancellation);
            try
            {
                await i.State.Turns.OutsideAsync(async () => got = await stream.ReadAsync(buffer, either.Token));
            }
            catch (OperationCanceledException) when (!i.Cancellation.IsCancellationRequested)
            {
                return true;
            }

            if (got <= 0)
            {
                return false;
            }

            await i.Streams.Output.WriteAsync(buffer[..got], i.Cancellation);
        }
    }

    private static IEnumerable<string> Range(string ports) =>
        ports.Split('-') is [var from, var to] && int.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out int first) && int.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out int last) && last >= first
            ? Enumerable.Range(first, Math.Min(MostPorts, last - first + 1)).Select(port => port.ToString(CultureInfo.InvariantCulture)) : [ports];

    private static string Name(Invocation i, int port) =>
        (i.Read("/etc/services", out byte[] services) is Files.FileError.None ? Encoding.Latin1.GetString(services) : "").Split('\n').FirstOrDefault(line => line.Contains($"\t{port}/tcp", StringComparison.Ordinal))?.Split('\t')[0] ?? "*";
}
