using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Blackwall.Client;
using Blackwall.Client.Captures;
using Blackwall.Client.Changes;
using Blackwall.Client.Decisions;
using Blackwall.Client.Sources;
using Blackwall.Lab.Network;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Edge;

/// <summary>The control plane, as an operator on the edge's loopback uses it.</summary>
public sealed class ApplianceApi : IDisposable
{
    public const string Address = "http://127.0.0.1:9470";
    public const int Port = 9470;

    private static readonly TimeSpan s_enforcementLimit = TimeSpan.FromSeconds(5);

    public ApplianceApi(NetNamespace edge, string adminKeyFile)
    {
        // The loopback that listens is the edge's, so the socket has to be born there.
        var connection = ClientConnection.ByAddress(new Uri(Address), File.Exists(adminKeyFile) ? File.ReadAllText(adminKeyFile).Trim() : null) with
        {
            Patience = TimeSpan.FromSeconds(15),
            Connect = async cancellation =>
            {
                var socket = edge.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.NoDelay = true;
                try
                {
                    await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port), cancellation);
                    return socket;
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        Client = new ApplianceClient(connection, TimeProvider.System);
    }

    public ApplianceClient Client { get; }

    public void Dispose() => Client.Dispose();

    /// <summary>Whether the wall stands and decisions are restored.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        var answer = await Client.Status.HealthAsync(cancellation);
        cancellation.ThrowIfCancellationRequested();
        return answer.Value is { Status: "ready" or "degraded" };
    }

    public async Task<WallStats> StatsAsync(CancellationToken cancellation) => WallStats.Of(Must(await Client.Status.StatsAsync(cancellation)));

    /// <summary>What the API answers to a read.</summary>
    public async Task<JsonNode> ReadAsync(string path, CancellationToken cancellation) =>
        Must(await Client.ReadAsync(path, ClientJson.Default.JsonNode, cancellation));

    /// <summary>The faults that the appliance tells of itself, by part.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FaultsAsync(CancellationToken cancellation) =>
        Must(await Client.Status.HealthAsync(cancellation)).Faults ?? new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Every decision whose scope contains an address; the first thousand of all without one.</summary>
    public async Task<IReadOnlyList<DecisionView>> DecisionsAsync(IPAddress? about, CancellationToken cancellation)
    {
        var query = about is null ? "limit=1000" : $"contains={Uri.EscapeDataString(about.ToString())}&limit=100";
        return [.. Must(await Client.Decisions.ListAsync(query, cancellation)).Items.Select(decision => new DecisionView(decision))];
    }

    /// <summary>What was seen of an address: the words of its evidence, newest first.</summary>
    public async Task<IReadOnlyList<string>> EvidenceKindsAsync(IPAddress source, CancellationToken cancellation) =>
        [.. Must(await Client.Sources.GetAsync(source.ToString(), cancellation)).Evidence.Select(piece => piece.Kind)];

    /// <summary>Every fingerprint that a source showed.</summary>
    public async Task<IReadOnlyList<SeenFingerprint>> FingerprintsAsync(IPAddress source, CancellationToken cancellation) =>
        Must(await Client.Sources.GetAsync(source.ToString(), cancellation)).Fingerprints ?? [];

    public async Task<DecisionAnswer> DecideAsync(string scope, string verdict, CancellationToken cancellation)
    {
        var answer = await Client.Decisions.DecideAsync(new DecisionDraft(scope, verdict, 600, null, "lab"), cancellation);
        return new DecisionAnswer(answer.Value is { } made ? new DecisionView(made) : null, answer.Failure);
    }

    /// <summary>A decision that must be taken.</summary>
    /// <exception cref="ToolFailedException">The API refused.</exception>
    public async Task<DecisionView> MustDecideAsync(string scope, string verdict, CancellationToken cancellation)
    {
        var answer = await DecideAsync(scope, verdict, cancellation);
        return answer.Decision ?? throw new ToolFailedException($"The API refused to {verdict} {scope} ({answer.Status}): {answer.Refusal}");
    }

    /// <summary>Lifts a decision and waits until the kernel has forgotten it.</summary>
    public async Task<bool> LiftAsync(long decision, CancellationToken cancellation)
    {
        if ((await Client.Decisions.LiftAsync(decision, cancellation)).Failure is not null)
        {
            return false;
        }

        var lifted = (await StatsAsync(cancellation)).BoardVersion;
        return await Tool.UntilAsync(async () => (await StatsAsync(cancellation)).EnforcedVersion >= lifted, s_enforcementLimit, cancellation);
    }

    /// <summary>Lifts whatever stands against an address.</summary>
    /// <returns>How many decisions that were.</returns>
    public async Task<int> LiftAllAsync(IPAddress address, CancellationToken cancellation)
    {
        var lifted = 0;
        foreach (var decision in await DecisionsAsync(address, cancellation))
        {
            if (!string.Equals(decision.Origin, "guard", StringComparison.Ordinal) && await LiftAsync(decision.Id, cancellation))
            {
                lifted++;
            }
        }

        return lifted;
    }

    /// <summary>Waits until a decision about an address is on the board.</summary>
    /// <returns>Null when none came in time.</returns>
    public async Task<DecisionView?> WaitForDecisionAsync(IPAddress about, Func<DecisionView, bool> wanted, TimeSpan limit, CancellationToken cancellation)
    {
        DecisionView? found = null;
        await Tool.UntilAsync(
            async () => (found = (await DecisionsAsync(about, cancellation)).FirstOrDefault(wanted)) is not null,
            limit,
            cancellation);
        return found;
    }

    /// <summary>Makes a rule without an end.</summary>
    /// <returns>Its id; null when the answer did not say that it is enforced and stored.</returns>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public async Task<long?> AddRuleAsync(IPAddress scope, string verdict, CancellationToken cancellation)
    {
        var answer = await Client.Decisions.AddRuleAsync(new RuleDraft(scope.ToString(), verdict), cancellation);
        return Answered(answer) is { Enforced: true, Stored: true } rule ? rule.Id : null;
    }

    /// <summary>Removes a rule.</summary>
    /// <returns>True: the answer said that it is gone from kernel and disk.</returns>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public async Task<bool> RemoveRuleAsync(long rule, CancellationToken cancellation)
    {
        var answer = await Client.Decisions.RemoveRuleAsync(rule, cancellation);

        // What is not in force or not on the disk yet is told in a body.
        return Answered(answer) is not null && answer.Json.IsEmpty;
    }

    /// <summary>Proposes a change; the answer of the API, whatever it is.</summary>
    public Task<Answer<Change>> ProposeAsync(ChangeDraft change, CancellationToken cancellation) => Client.Changes.ProposeAsync(change, cancellation);

    /// <summary>Proposes a rule and puts it on trial.</summary>
    /// <returns>The change as it stands.</returns>
    /// <exception cref="ToolFailedException">The API refused.</exception>
    public async Task<Change> TryRuleAsync(string scope, string verdict, int seconds, CancellationToken cancellation)
    {
        var proposed = Must(await ProposeAsync(new ChangeDraft([new RuleDraft(scope, verdict)]), cancellation));
        return await ApplyAsync(proposed.Id!.Value, seconds, cancellation);
    }

    /// <summary>Puts a proposed change on trial.</summary>
    /// <returns>The change as it stands.</returns>
    /// <exception cref="ToolFailedException">The API refused.</exception>
    public async Task<Change> ApplyAsync(long id, int seconds, CancellationToken cancellation) => Must(await Client.Changes.TryAsync(id, seconds, cancellation));

    public async Task<Change> ChangeAsync(long id, CancellationToken cancellation) => Must(await Client.Changes.GetAsync(id, cancellation));

    public Task<Answer<Change>> ConfirmAsync(long id, CancellationToken cancellation) => Client.Changes.ConfirmAsync(id, cancellation);

    /// <summary>Asks for a capture; the answer of the API, whatever it is.</summary>
    public Task<Answer<Capture>> CaptureAsync(string address, int seconds, CancellationToken cancellation) =>
        Client.Captures.StartAsync(new CaptureDraft(address, seconds), cancellation);

    /// <summary>A capture that must begin.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="ToolFailedException">The API refused.</exception>
    public async Task<long> MustCaptureAsync(string address, int seconds, CancellationToken cancellation) => Must(await CaptureAsync(address, seconds, cancellation)).Id;

    public async Task<Capture> CaptureOfAsync(long id, CancellationToken cancellation) => Must(await Client.Captures.GetAsync(id, cancellation));

    /// <summary>Downloads the packets of a capture.</summary>
    public async Task<bool> DownloadCaptureAsync(long id, string file, CancellationToken cancellation)
    {
        await using var to = File.Create(file);
        return await Client.Captures.CopyAsync(id, to, cancellation) is null;
    }

    /// <summary>Downloads the packets around a decision. False: it has no capture.</summary>
    public async Task<bool> DownloadCaptureOfDecisionAsync(long decision, string file, CancellationToken cancellation)
    {
        await using var to = File.Create(file);
        return await Client.Captures.CopyOfDecisionAsync(decision, to, cancellation) is null;
    }

    /// <summary>The server-sent events from now on, until the connection ends.</summary>
    public async IAsyncEnumerable<ApplianceEvent> EventsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var events = Channel.CreateUnbounded<ApplianceEvent>();
        var following = FollowAsync(events.Writer, cancellation);
        await foreach (var item in events.Reader.ReadAllAsync(cancellation))
        {
            yield return item;
        }

        await following;
    }

    private async Task FollowAsync(ChannelWriter<ApplianceEvent> events, CancellationToken cancellation)
    {
        var ended = await Client.FollowAsync(null, () => { }, (item, _) => events.WriteAsync(new ApplianceEvent(item.Kind, item.Data), cancellation), cancellation);
        events.Complete(cancellation.IsCancellationRequested || ended.Kind == FailureKind.Unreachable ? null : new ToolFailedException(ended.Sentence));
    }

    private static T Must<T>(Answer<T> answer)
        where T : class => answer.Value ?? throw new ToolFailedException($"The API refused ({answer.Failure?.Status}): {answer.Failure?.Sentence}");

    // The appliance said something, be it no; or it is gone.
    private static T? Answered<T>(Answer<T> answer)
        where T : class => answer.Failure is { Answered: false } failure ? throw new HttpRequestException(failure.Sentence) : answer.Value;
}
