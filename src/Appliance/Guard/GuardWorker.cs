using System.Globalization;
using System.Net.NetworkInformation;
using Blackwall.Events;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Microsoft.Extensions.Options;

namespace Blackwall.Guard;

/// <summary>Keeps the guard set true: own addresses, next hops, resolvers, and who administers this machine.</summary>
internal sealed class GuardWorker(
    VerdictBoard board,
    IOwnAddresses ownAddresses,
    INextHops nextHops,
    ManagementPeers peers,
    IOptions<GuardOptions> options,
    TimeProvider time,
    ILogger<GuardWorker> log,
    EventLog? events = null,
    IEnumerable<IGuardSource>? sources = null) : BackgroundService, IHealthSource
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
        peers.Added += OnChanged;
        NetworkChange.NetworkAddressChanged += OnChanged;
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        peers.Added -= OnChanged;
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
            Add(entries, "a gateway of this machine", pass: true, Try(faults, nextHops.Read));
            foreach (string file in options.Value.ResolverFiles.Where(File.Exists))
            {
                Add(entries, "a resolver of this machine", pass: true, Try(faults, () => Resolvers.Read(File.ReadAllText(file))));
            }

            foreach (IGuardSource source in sources ?? [])
            {
                Add(entries, source.Why, pass: true, Try(faults, source.Read));
            }

            LookForSessions(faults);
            foreach (IGrouping<string, ManagementPeer> ways in peers.Current().GroupBy(peer => peer.Way, StringComparer.Ordinal))
            {
                Add(entries, Why(ways.Key), pass: true, ways.Select(peer => peer.Address));
            }

            if (peers.Fault is { } unstored)
            {
                faults.Add(unstored);
            }

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

                events?.Add(GuardEvents.Changed, new GuardEventBody(GuardedBody.From(entries.Except(_last)), GuardedBody.From(_last.Except(entries)), entries.Count));
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

    private static string Why(string way) => way switch
    {
        "API" => "a client of the management API, now or in the last weeks",
        "SSH" => "an administrator's SSH client, now or in the last weeks",
        _ => "an administrator's login, now or in the last weeks",
    };

    private void LookForSessions(List<string> faults)
    {
        Administrators administrators = Administrators.Read(options.Value.EtcFolder);
        bool isSeen = false;
        foreach ((string way, Func<IEnumerable<Address>> look) in new (string, Func<IEnumerable<Address>>)[]
        {
            ("login", () => Logins(administrators)),
            ("SSH", () => LogindSessions.Peers(options.Value.SessionsFolder, administrators)),
            ("SSH", () => SshSessions.Peers(options.Value.ProcFolder, administrators)),
        })
        {
            foreach (Address peer in Try(faults, look))
            {
                peers.Seen(peer, way);
                isSeen = true;
            }
        }

        if (!isSeen && !Environment.IsPrivilegedProcess && SshSessions.IsBlind(options.Value.ProcFolder, administrators))
        {
            faults.Add("An administrator is logged in over SSH and it cannot be seen from where, so that address is not guarded; install libpam-systemd, or put it into rules.allowlist.");
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

    private IEnumerable<Address> Logins(Administrators administrators)
    {
        if (!File.Exists(options.Value.UtmpFile))
        {
            return [];
        }

        // A session that ended in a crash leaves its record behind; its process is gone.
        return LoginRecords.Read(File.ReadAllBytes(options.Value.UtmpFile))
            .Where(login => administrators.Includes(login.User) && Directory.Exists(Path.Combine(options.Value.ProcFolder, login.Process.ToString(CultureInfo.InvariantCulture))))
            .Select(login => login.Peer);
    }

    private void OnChanged(object? sender, EventArgs change) => Refresh();
}
