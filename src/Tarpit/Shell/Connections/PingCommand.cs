using System.Globalization;
using Blackwall.Tarpit.Shell.Commands;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Shell.Connections;

/// <summary>ping(8) of iputils. The machine itself and its router answer, no other host does.</summary>
internal static class PingCommand
{
    private const int Most = 100_000;
    private const double UsualPatience = 10, KernelPatience = 3.06;

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "46aAbBc:dDe:fF:hI:i:l:Lm:M:nN:OpQ:qrRs:S:t:T:UvVw:W:", isMixed: true);
        if (options.Error is { } error)
        {
            await i.Streams.Error.WriteAsync($"ping: invalid option -- '{error[1]}'\n\nUsage\n  ping [options] <destination>\n", i.Cancellation);
            return 1;
        }

        if (options.Has('V'))
        {
            return await SystemCommands.PrintAsync(i, "ping from iputils 20240117\nlibcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n");
        }

        if (options.Operands.Count == 0)
        {
            return await i.FailAsync("usage error: Destination address required");
        }

        string host = options.Operands[^1];
        i.State.Log.Record(new Recording.Observation(Recording.ObservationKinds.Download) { Name = "ping", Text = string.Join(' ', i.Arguments), Host = host });
        if (Dialer.Resolve(i.State, host) is not { } address)
        {
            await i.WaitAsync(2);
            return await i.FailAsync($"{host}: Temporary failure in name resolution", 2);
        }

        double pause = Number(options.Value('i'), 1), patience = Number(options.Value('W'), UsualPatience), deadline = Number(options.Value('w'), double.MaxValue);
        int size = (int)Number(options.Value('s'), 56), count = (int)Math.Min(Number(options.Value('c'), Most), Math.Min(Most, deadline / Math.Max(pause, 0.001)));
        string router = Network.Gateway(i.State.Visit.Memory.Address), own = Network.Own(i.State.Visit.Memory.Address).ToString();
        bool isOwn = Dialer.IsOwn(i.State, address), isRouter = string.Equals(router, $"{address}", StringComparison.Ordinal), answers = isOwn || isRouter;
        string named = string.Equals(host, $"{address}", StringComparison.Ordinal) ? host : $"{host} ({address})";
        await i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"PING {host} ({address}) {size}({size + 28}) bytes of data.\n"));
        bool isTold = !answers && patience >= KernelPatience;
        List<double> times = [];
        for (int n = 1; n <= count; n++)
        {
            double time = isOwn ? 0.021 + (Random.Shared.Next(30) / 1000.0) : 0.3 + (Random.Shared.Next(400) / 1000.0);
            await (n > 1 ? i.WaitAsync(pause) : answers ? Task.CompletedTask : i.WaitAsync(isTold ? KernelPatience : Math.Min(patience, deadline)));
            if (answers)
            {
                times.Add(time);
                await (options.Has('q') ? ValueTask.CompletedTask : i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"{size + 8} bytes from {named}: icmp_seq={n} ttl=64 time={time:0.000} ms\n")));
            }
            else if (isTold && !options.Has('q'))
            {
                bool isNear = string.Equals(Network.Prefix(i.State.Visit.Memory.Address), $"{address}"[..Math.Max(0, $"{address}".LastIndexOf('.'))], StringComparison.Ordinal);
                await i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"From {(isNear ? own : router)} icmp_seq={n} Destination Host Unreachable\n"));
            }
        }

        string errors = isTold ? string.Create(CultureInfo.InvariantCulture, $", +{count} errors") : "";
        string summary = answers
            ? string.Create(CultureInfo.InvariantCulture, $"rtt min/avg/max/mdev = {times.DefaultIfEmpty(0).Min():0.000}/{times.DefaultIfEmpty(0).Average():0.000}/{times.DefaultIfEmpty(0).Max():0.000}/{(times.DefaultIfEmpty(0).Max() - times.DefaultIfEmpty(0).Min()) / 3:0.000} ms\n")
            : isTold && count > 1 ? string.Create(CultureInfo.InvariantCulture, $"pipe {Math.Min(count, 4)}\n") : "\n";
        await i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"\n--- {host} ping statistics ---\n{count} packets transmitted, {(answers ? count : 0)} received{errors}, {(answers ? 0 : 100)}% packet loss, time {(int)((count - 1) * pause * 1012)}ms\n{summary}"));
        return answers ? 0 : 1;
    }

    private static double Number(string? text, double otherwise) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number > 0 ? number : otherwise;
}
