using System.Collections.Concurrent;
using System.Globalization;
using Blackwall.Api.Contracts;
using Blackwall.Events;
using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Sharing;
using Blackwall.Mesh.Sybil;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Bridges.Mesh;

/// <summary>Runs this sensor's node of the mesh, and makes claims and events of what the votes come to.</summary>
internal sealed class MeshLink(
    IOptions<MeshOptions> options, IOptions<StorageOptions> storage, VerdictBoard board, MeshClaims claims, MeshPeersGuard guard, EventLog events, IServiceProvider services, TimeProvider time, ILogger<MeshLink> log)
    : BackgroundService, IStatsSource, IHealthSource
{
    private const int MaxContradicted = 4096;
    private const int MostFaults = 3;

    /// <summary>Ordinary use of an address that detection has seen, before we speak for it.</summary>
    private const int LeastUses = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>After a start, votes are asked of peers; claims of before stand until then.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<IndicatorValue, DateTimeOffset> _contradicted = new();
    private MeshNode? _node;
    private string? _fault;

    public string Name => "mesh";

    public bool Ready => true;

    public string? Fault => Volatile.Read(ref _fault) ?? (Node?.Faults is { Count: > 0 } faults ? string.Join(' ', faults.Take(MostFaults)) : null);

    /// <summary>It is on, and nothing is known to keep it from starting.</summary>
    public bool IsStarting => options.Value.Mode is not MeshMode.Off && Node is null && Volatile.Read(ref _fault) is null;

    /// <summary>The node; null: the mesh is off, or could not start yet.</summary>
    public MeshNode? Node => Volatile.Read(ref _node);

    public IReadOnlyDictionary<string, long> Read()
    {
        MeshNode? node = Node;
        Dictionary<string, long> counts = new(StringComparer.Ordinal)
        {
            ["connected"] = node?.Connected ?? 0,
            ["listeners"] = node?.Listeners ?? 0,
            ["waiting"] = node?.Waiting ?? 0,
        };
        foreach (ShareCount count in Enum.GetValues<ShareCount>())
        {
            counts[FieldOf($"{count}")] = node?.Counts[count] ?? 0;
        }

        foreach (MeshTrouble trouble in Enum.GetValues<MeshTrouble>())
        {
            counts[FieldOf($"{trouble}")] = node?[trouble] ?? 0;
        }

        counts["paced"] = node?.GossipCounters.Paced ?? 0;
        return counts;
    }

    /// <summary>The name of a counter among the figures of the mesh.</summary>
    public static string FieldOf(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan pause = FirstPause;
        while (options.Value.Mode is not MeshMode.Off && !stoppingToken.IsCancellationRequested)
        {
            MeshNode? node = null;
            try
            {
                node = Make();
                await node.StartAsync(stoppingToken);
                Volatile.Write(ref _node, node);
                Volatile.Write(ref _fault, null);
                foreach (string problem in node.FileProblems)
                {
                    MeshLog.FileProblem(log, problem);
                }

                MeshLog.Started(log, $"{node.Id}", string.Join(", ", node.Addresses));
                await Task.Delay(Settling, time, stoppingToken);
                claims.Keep(node.Targets(int.MaxValue).Where(target => target.Action > MeshAction.Log).Select(target => target.Value).ToHashSet());
                await Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // The end.
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
            {
                Volatile.Write(ref _fault, $"The mesh cannot start: {exception.Message}");
                MeshLog.NotStarted(log, exception.Message);
            }

            Volatile.Write(ref _node, null);
            if (node is not null)
            {
                await node.DisposeAsync();
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private MeshNode Make()
    {
        MeshOptions settings = options.Value;
        MeshNode node = new(
            new SharingOptions
            {
                Folder = Path.Combine(storage.Value.StateFolder, "mesh"),
                Mesh = settings.Name,
                Swarm = MeshFiles.ReadSwarmKey(settings.SwarmKeyFile),
                RelayOnly = settings.Mode is MeshMode.Relay,
                Listen = Parse(settings.Listen),
                Peers = Parse(settings.Peers),
                Members = settings.Members.Select(text => PeerId.TryParse(text, out PeerId? id) ? id : null).OfType<PeerId>().ToHashSet(),
                Mdns = settings.Mdns,
                MessagesPerHour = settings.MessagesPerHour,
                Proof = settings.ProofOfWork ? new IdentityProof() : null,
                Networks = MeshFiles.ReadNetworks(settings.NetworksFile),
                IsGuarded = IsGuarded,
            },
            time);
        guard.Members = () => node.MemberAddresses;
        node.Decided += Take;
        node.Offended += Tell;
        node.Problem += problem => MeshLog.Problem(log, problem);
        return node;
    }

    private void Take(TrustDecision decision)
    {
        MeshLog.Decided(log, decision.Value.Text, Words.Kebab($"{decision.Before}"), Words.Kebab($"{decision.After}"), decision.Cause.Weight.ToString("0.00", CultureInfo.InvariantCulture));
        claims.Apply(decision);
        events.Add(MeshEvents.Moved, MeshEventBody.From(decision));
        if (options.Value.CounterEvidence && decision.After is not MeshAction.None && !decision.Cause.IsSeenHere && IsServedAsUsual(decision.Value))
        {
            Node?.Contradict(decision.Value);
        }
    }

    // Known for an hour, alive, used, and nothing against it; said once a day.
    private bool IsServedAsUsual(IndicatorValue value)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (!MeshClaims.TryScope(value, out Prefix scope) || !scope.IsHost || services.GetService<ISourceInsight>()?.Describe(scope.Network) is not { } standing
            || !standing.IsProven || standing.Phase is not ("new" or "trusted") || standing.Suspicion > 0 || standing.Uses < LeastUses || now - standing.FirstSeen < TimeSpan.FromHours(1)
            || (_contradicted.TryGetValue(value, out DateTimeOffset said) && now - said < TimeSpan.FromHours(24)))
        {
            return false;
        }

        if (_contradicted.Count >= MaxContradicted)
        {
            _contradicted.Clear();
        }

        _contradicted[value] = now;
        return true;
    }

    private void Tell(PeerId peer, string offence)
    {
        MeshLog.Offended(log, $"{peer}", offence);
        events.Add(MeshEvents.Offence, new MeshOffenceBody($"{peer}", offence));
    }

    private bool IsGuarded(IndicatorValue value) => MeshClaims.TryScope(value, out Prefix scope) && board.Guarding(scope) is not null;

    private static IReadOnlyList<Multiaddr> Parse(IReadOnlyList<string> texts) => [.. texts.Select(text => Multiaddr.TryParse(text, out Multiaddr? address) ? address : null).OfType<Multiaddr>()];
}
