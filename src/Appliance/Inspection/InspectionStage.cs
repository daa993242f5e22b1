using Blackwall.Inspection.Wire;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline;

namespace Blackwall.Inspection;

/// <summary>
/// Holds the requests that the kernel samples against the rules. Hits are evidence of their source, and each request is a sign of what it weighs,
/// so that whoever judges sources adds them up. A request that meets no rule allocates nothing.
/// </summary>
public sealed class InspectionStage : IStage
{
    /// <summary>The kind of its evidence.</summary>
    public const string EvidenceKind = "dpi-rule";

    private const ulong Second = 1_000_000_000;

    private readonly InspectionOptions _options;
    private readonly BootClock _clock;
    private readonly RequestMatcher _matcher;
    private readonly RecentHits _recent;
    private readonly long[] _hits;
    private long _requests;
    private long _unreadable;
    private long _evidence;
    private long _repeated;

    public InspectionStage(InspectionOptions options, BootClock clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _clock) = (options, clock);
        _matcher = new RequestMatcher(options.Rules);
        _recent = new RecentHits((ulong)options.RepeatSeconds * Second);
        _hits = new long[options.Rules.Count];
    }

    /// <summary>camelCase name and value of each counter.</summary>
    public IReadOnlyDictionary<string, long> Counters => new Dictionary<string, long>(StringComparer.Ordinal)
    {
        ["rules"] = _matcher.Rules.Count,
        ["requests"] = Volatile.Read(ref _requests),
        ["unreadable"] = Volatile.Read(ref _unreadable),
        ["evidence"] = Volatile.Read(ref _evidence),
        ["repeated"] = Volatile.Read(ref _repeated),
    };

    /// <summary>The rules, and how many requests met each.</summary>
    public IReadOnlyList<(RequestRule Rule, long Hits)> Rules => [.. _matcher.Rules.Select((rule, index) => (rule, Volatile.Read(ref _hits[index])))];

    public void Observe(in PacketEvent packet, IFindings findings)
    {
        // There is no payload in it.
    }

    public void Observe(in SampleHeader header, ReadOnlySpan<byte> data, IFindings findings)
    {
        if (header.Kind != SampleKind.Http || header.Direction != FlowDirection.Inbound || !_options.Enabled)
        {
            return;
        }

        Volatile.Write(ref _requests, _requests + 1);
        if (!HttpHead.TryRead(data, out HttpHead request))
        {
            Volatile.Write(ref _unreadable, _unreadable + 1);
            return;
        }

        Span<int> hits = stackalloc int[RequestMatcher.MaxHits];
        int count = _matcher.Match(in request, hits);
        Address source = header.Remote.ToAddress();
        double weight = Tell(source, hits[..count], header.TimeNanoseconds, findings, out bool isLogin);
        Sign sign = new(SignKind.Request, source, EvidenceClass.Application, weight, Hash(request.Target), header.RemotePort, header.LocalPort, header.TimeNanoseconds, "");
        findings.Show(in sign);
        if (request.Credentials is { IsEmpty: false } credentials)
        {
            findings.Show(sign with { Kind = SignKind.Credentials, Thing = Hash(credentials) });
        }
        else if (isLogin && request.Method.SequenceEqual("POST"u8))
        {
            findings.Show(sign with { Kind = SignKind.LoginForm });
        }
    }

    public void Forget(Prefix scope)
    {
        // What was sent stays sent.
    }

    public void Exempt(Prefix scope)
    {
        // It asks for no decisions.
    }

    // Returns what the request weighs, told or not.
    private double Tell(Address source, ReadOnlySpan<int> hits, ulong time, IFindings findings, out bool isLogin)
    {
        List<string>? told = null;
        double innocence = 1;
        double toldInnocence = 1;
        isLogin = false;
        foreach (int hit in hits)
        {
            Volatile.Write(ref _hits[hit], _hits[hit] + 1);
            RequestRule rule = _matcher.Rules[hit];
            isLogin |= rule.IsLogin;
            double weight = Math.Min(1, rule.Weight * _options.Weight);
            if (weight == 0)
            {
                continue;
            }

            innocence *= 1 - weight;
            if (!_recent.IsNews(source, hit, time))
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
            string detail = $"its request meets {(told.Count == 1 ? "rule" : "rules")} {string.Join(", ", told)}";
            findings.Record(new Evidence(0, source, EvidenceKind, EvidenceClass.Application, Math.Round(1 - toldInnocence, 3), _clock.ToDate(time), detail));
        }

        return 1 - innocence;
    }

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
