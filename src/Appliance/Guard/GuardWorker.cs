using System.Globalization;
using System.Net.NetworkInformation;
using Blackwall.Pipeline;
using Microsoft.Extensions.Options;

namespace Blackwall.Guard;

/// <summary>Keeps the guard set true: own addresses, gateways, resolvers, logged-in operators, users of the API.</summary>
public sealed class GuardWorker(
    VerdictBoard board,
    IOwnAddresses ownAddresses,
    ManagementClients clients,
    IOptions<GuardOptions> options,
    TimeProvider time,
    ILogger<GuardWorker> log) : BackgroundService, IHealthSource
{
    private readonly Lock _lock = new();
    private HashSet<GuardEntry> _last = [];
    private string? _fault;

    public string Name => "guard";

    public bool Ready => true;

    public string? Fault => Volatile.Read(ref _fault);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // The first set stands before the first decision can be asked for.
        Refresh();
        clients.Added += OnChanged;
        NetworkChange.NetworkAddressChanged += OnChanged;
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        clients.Added -= OnChanged;
        NetworkChange.NetworkAddressChanged -= OnChanged;
        return base.StopAsync(cancellationToken);
    }

    /// <summary>Collects the set anew and hands it to the board if it differs.</summary>
    public void Refresh()
    {
        lock (_lock)
        {
            List<string> faults = [];
            HashSet<GuardEntry> entries = [];
            Add(entries, "an address of this machine", pass: false, Try(faults, ownAddresses.Read));
            Add(entries, "a gateway of this machine", pass: true, Try(faults, () => RouteTable.Gateways4(ReadProc("net/route"))));
            Add(entries, "a gateway of this machine", pass: true, Try(faults, () => RouteTable.Gateways6(ReadProc("net/ipv6_route"))));
            foreach (string file in options.Value.ResolverFiles.Where(File.Exists))
            {
                Add(entries, "a resolver of this machine", pass: true, Try(faults, () => Resolvers.Read(File.ReadAllText(file))));
            }

            Add(entries, "the peer of a login session", pass: true, Try(faults, Logins));
            Add(entries, "the peer of an SSH session", pass: true, Try(faults, () => SshSessions.Peers(options.Value.ProcFolder)));
            Add(entries, "a client of the management API", pass: true, clients.Current());

            // A source that cannot be read must not take its old protection away.
            if (faults.Count > 0)
            {
                entries.UnionWith(_last);
                if (Volatile.Read(ref _fault) is null)
                {
                    GuardLog.Unreadable(log, faults[0]);
                }
            }

            Volatile.Write(ref _fault, faults.Count == 0 ? null : $"Part of the guard set cannot be read, what was known stays guarded: {faults[0]}");
            if (!entries.SetEquals(_last))
            {
                board.Guard(new GuardSet(entries));
                GuardLog.Changed(log, entries.Count);
                foreach (GuardEntry added in entries.Except(_last).OrderBy(entry => entry.Scope))
                {
                    GuardLog.Added(log, $"{added.Scope}", added.Why);
                }

                _last = entries;
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(options.Value.RefreshEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Refresh();
        }
    }

    private static void Add(HashSet<GuardEntry> entries, string why, bool pass, IEnumerable<Address> addresses)
    {
        foreach (Address address in addresses)
        {
            // Loopback and the like are guarded already, and never to be let in from the wire.
            bool always = GuardSet.Empty.Overlapping(Prefix.Host(address)) is not null;
            entries.Add(new GuardEntry(Prefix.Host(address), why, pass && (!always || IsLinkLocal(address))));
        }
    }

    // The default router of IPv6 is known by its link-local address.
    private static bool IsLinkLocal(Address address) => !address.IsV4 && (ushort)(address.Value >> 112) is >= 0xfe80 and <= 0xfebf;

    private static IEnumerable<Address> Try(List<string> faults, Func<IEnumerable<Address>> read)
    {
        try
        {
            return [.. read()];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NetworkInformationException)
        {
            faults.Add(failure.Message);
            return [];
        }
    }

    private string ReadProc(string name)
    {
        string path = Path.Combine(options.Value.ProcFolder, name);

        // A kernel without IPv6 has no ipv6_route, and so no gateways either.
        return File.Exists(path) ? File.ReadAllText(path) : "";
    }

    private IEnumerable<Address> Logins()
    {
        if (!File.Exists(options.Value.UtmpFile))
        {
            return [];
        }

        // A session that ended in a crash leaves its record behind; its process is gone.
        return LoginRecords.Read(File.ReadAllBytes(options.Value.UtmpFile))
            .Where(login => Directory.Exists(Path.Combine(options.Value.ProcFolder, login.Process.ToString(CultureInfo.InvariantCulture))))
            .Select(login => login.Peer);
    }

    private void OnChanged(object? sender, EventArgs change) => Refresh();
}
