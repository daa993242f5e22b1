using Blackwall.Inspection.Wire;
using Blackwall.Kernel.Abi;
using Blackwall.Config;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;
using Blackwall.Pipeline.Time;

namespace Blackwall.Inspection;

/// <summary>
/// Holds the requests that the kernel samples against the rules. Hits are evidence of their source, and each request is a sign of what it weighs,
/// so that whoever judges sources adds them up. A request that meets no rule allocates nothing.
/// </summary>
public sealed class InspectionStage : IStage, IRequestSink, IReloadable
{
    /// <summary>The kind of its evidence.</summary>
    public const string EvidenceKind = "dpi-rule";

    private const ulong Second = 1_000_000_000;

    private readonly InspectionOptions _options;
    private readonly BootClock _clock;
    private readonly RecentHits _recent;
    private readonly HttpStreams _streams;

    // Replaced whole on a reload; a request is held against one of them from its beginning to its end.
    private volatile CountedRules _rules;

    // The stream that is being read, and the request that its body belongs to.
    private IFindings? _findings;
    private Address _source;
    private RawAddress _local;
    private ushort _remotePort;
    private ushort _localPort;
    private ulong _time;
    private uint _target;
    private EvidenceClass _class = EvidenceClass.Application;
    private long _requests;
    private long _evidence;
    private long _repeated;

    public InspectionStage(InspectionOptions options, BootClock clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _clock) = (options, clock);
        _rules = new CountedRules(options.Rules);
        _recent = new RecentHits((ulong)options.RepeatSeconds * Second);
        _streams = new HttpStreams(this);
    }

    /// <summary>Who knows planted credentials; null: nobody does.</summary>
    public ICredentialCanaries? Canaries { get; init; }

    /// <summary>camelCase name and value of each counter.</summary>
    public IReadOnlyDictionary<string, long> Counters => new Dictionary<string, long>(StringComparer.Ordinal)
    {
        ["rules"] = _rules.Count,
        ["requests"] = Volatile.Read(ref _requests),
        ["streams"] = _streams.Count,
        ["streamsDisplaced"] = _streams.Displaced,
        ["gaps"] = _streams.Gaps,
        ["unkept"] = _streams.Unkept,
        ["evidence"] = Volatile.Read(ref _evidence),
        ["repeated"] = Volatile.Read(ref _repeated),
    };

    /// <summary>The rules, and how many requests met each.</summary>
    public IReadOnlyList<(RequestRule Rule, long Hits)> Rules => _rules.Read();

    /// <summary>Takes up the rules that the options hold by now. What the former ones counted begins anew.</summary>
    public IReadOnlyList<string> Reload()
    {
        if (!ReferenceEquals(_rules.List, _options.Rules))
        {
            _rules = new CountedRules(_options.Rules);
        }

        return [];
    }

    public void Observe(in PacketEvent packet, IFindings findings)
    {
        if (packet is { Kind: EventKind.FlowClosed, Direction: FlowDirection.Inbound } && _streams.Count > 0)
        {
            Begin(findings, packet.Remote, packet.RemotePort, packet.Local, packet.LocalPort, packet.TimeNanoseconds);
            _streams.End(new HttpFlowKey(packet.Remote, packet.Local, packet.RemotePortNetwork, packet.LocalPortNetwork));
        }
    }

    public void Observe(in SampleHeader header, ReadOnlySpan<byte> data, IFindings findings)
    {
        if (header.Kind != SampleKind.Http || header.Direction != FlowDirection.Inbound || !_options.Enabled)
        {
            return;
        }

        Begin(findings, header.Remote, header.RemotePort, header.Local, header.LocalPort, header.TimeNanoseconds);
        HttpFlowKey key = new(header.Remote, header.Local, header.RemotePortNetwork, header.LocalPortNetwork);
        _streams.Add(in key, header.TimeNanoseconds, header.Sequence, header.StreamFirst, data, Math.Max(header.PayloadLength, data.Length));
    }

    /// <inheritdoc/>
    void IRequestSink.OnRequest(in HttpHead request)
    {
        Volatile.Write(ref _requests, _requests + 1);
        _target = Hash(request.Target);
        Span<int> hits = stackalloc int[RequestMatcher.MaxHits];
        CountedRules rules = _rules;
        int count = rules.Matcher.Match(in request, hits);
        _class = RequestOrigin.IsOwn(in request) || MeetsAgent(rules, hits[..count]) ? EvidenceClass.Application : EvidenceClass.Spoofable;
        double weight = RecordHits(rules, hits[..count], out bool isLogin);
        PublishSign(SignKind.Request, _target, weight);
        if (weight == 0 && request.TryHeader("user-agent:"u8, out ReadOnlySpan<byte> agent) && !agent.IsEmpty)
        {
            PublishSign(SignKind.Agent, Hash(agent), 0);
        }

        if (request.Credentials is { IsEmpty: false } credentials)
        {
            PublishSign(SignKind.Credentials, Hash(credentials), 0);
            if (Canaries?.FindAuthorization(_source, credentials, "a web server of this host", _class) is { } used)
            {
                _findings!.Record(used);
            }
        }
        else if (isLogin && request.Method.SequenceEqual("POST"u8))
        {
            PublishSign(SignKind.LoginForm, _target, 0);
        }
    }

    /// <inheritdoc/>
    void IRequestSink.OnBody(ReadOnlySpan<byte> body)
    {
        Span<int> hits = stackalloc int[RequestMatcher.MaxHits];
        CountedRules rules = _rules;
        double weight = RecordHits(rules, hits[..rules.Matcher.MatchBody(body, hits)], out _);
        if (weight > 0)
        {
            PublishSign(SignKind.Request, _target ^ Hash(body), weight);
        }
    }

    public void Forget(Prefix scope)
    {
        // A lifted decision does not change what was sent.
    }

    public void Exempt(Prefix scope)
    {
        // This stage asks for no decisions.
    }

    // A web page cannot change the browser's User-Agent.
    private static bool MeetsAgent(CountedRules rules, ReadOnlySpan<int> hits)
    {
        foreach (int hit in hits)
        {
            if (rules.List[hit] is { Place: RulePlace.Agent, Weight: > 0 })
            {
                return true;
            }
        }

        return false;
    }

    // Returns the weight of the request, whether or not evidence was recorded.
    private double RecordHits(CountedRules rules, ReadOnlySpan<int> hits, out bool isLogin)
    {
        List<string>? told = null;
        double innocence = 1;
        double toldInnocence = 1;
        isLogin = false;
        foreach (int hit in hits)
        {
            rules.CountHit(hit);
            RequestRule rule = rules.List[hit];
            isLogin |= rule.IsLogin;
            double weight = Math.Min(1, rule.Weight * _options.Weight);
            if (weight == 0)
            {
                continue;
            }

            innocence *= 1 - weight;
            if (!_recent.IsNews(_source, hit, _time))
            {
                Volatile.Write(ref _repeated, _repeated + 1);
                continue;
            }

            (told ??= []).Add(rule.Id);
            toldInnocence *= 1 - weight;
        }

        if (told is not null)
        {
            Volatile.Write(ref _evidence, _evidence + 1);
            EvidenceFacts facts = new(InspectionFindings.RulesMet) { Rules = told, Other = $"{_local.ToAddress()}", Port = _localPort, Protocol = "tcp", LedByOthers = _class == EvidenceClass.Spoofable ? true : null };
            _findings!.Record(Evidence.Create(_source, EvidenceKind, _class, Math.Round(1 - toldInnocence, 3), _clock.ToDate(_time), facts));
        }

        return 1 - innocence;
    }

    private void Begin(IFindings findings, in RawAddress remote, ushort remotePort, in RawAddress local, ushort localPort, ulong time) =>
        (_findings, _source, _remotePort, _local, _localPort, _time) = (findings, remote.ToAddress(), remotePort, local, localPort, time);

    private void PublishSign(SignKind kind, uint thing, double weight) =>
        _findings!.Publish(new Sign(kind, _source, _class, weight, thing, _remotePort, _localPort, _time, Facts: null));

    // FNV-1a: only tells what one source sends apart.
    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        uint hash = 2166136261;
        foreach (byte b in bytes)
        {
            hash = (hash ^ b) * 16777619;
        }

        return hash;
    }
}
