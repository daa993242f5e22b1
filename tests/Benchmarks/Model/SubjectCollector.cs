using Blackwall.Benchmarks.Detection;
using Blackwall.Classification.Embedded;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;
using Blackwall.Replay;
using Blackwall.Replay.Wire;

namespace Blackwall.Benchmarks.Model;

/// <summary>Looks at the same events as rules do, and keeps for each opener what both make of them.</summary>
internal sealed class SubjectCollector(IReadOnlyList<Truth> truths) : IStage, IReplayOutput
{
    private readonly Dictionary<string, SubjectScore> _subjects = new(StringComparer.Ordinal);
    private readonly Dictionary<RawAddress, Opener> _openers = [];
    private readonly HashSet<string> _attackers = [.. truths.Select(truth => truth.Subject.Split(' ')[0])];

    public IReadOnlyCollection<SubjectScore> Subjects => _subjects.Values;

    public double Hours { get; private set; }

    public bool WantsPackets => false;

    public void Observe(in PacketEvent packet, IFindings findings)
    {
        if (!Opener.Counts(packet.Kind))
        {
            return;
        }

        RawAddress who = packet.Direction == FlowDirection.Outbound ? packet.Local : packet.Remote;
        Opener opener = _openers.TryGetValue(who, out Opener known) ? known : new Opener { Who = who };
        opener.Add(in packet);
        _openers[who] = opener;
        Span<int> features = stackalloc int[Opener.Features];
        opener.Write(features);
        Of($"{who.ToAddress()}").Take(features);
    }

    public void Observe(in SampleHeader header, ReadOnlySpan<byte> data, IFindings findings)
    {
    }

    public void Forget(Prefix scope)
    {
    }

    public void Exempt(Prefix scope)
    {
    }

    public void Decision(DecisionChange change)
    {
        if (change.Kind is not (DecisionChangeKind.Expired or DecisionChangeKind.Lifted))
        {
            foreach (Evidence evidence in change.Evidence)
            {
                Evidence(evidence);
            }
        }
    }

    public void Evidence(Evidence evidence)
    {
        if (evidence.Kind is not ("phase" or "target-flood"))
        {
            SubjectScore subject = Of($"{evidence.Source}");
            subject.Rules[evidence.Kind] = Math.Max(evidence.Weight, subject.Rules.GetValueOrDefault(evidence.Kind));
        }
    }

    public void Summary(ReplaySummary summary) => Hours = Math.Min(24, (summary.Last - summary.First) / 3.6e12);

    public void Packet(long number, ulong time, FrameSketch? frame, bool outbound, Reason? reason)
    {
    }

    public void Flow(ReplayedFlow flow)
    {
    }

    public void Hello(ReplayedHello hello)
    {
    }

    public void Syn(ReplayedSyn syn)
    {
    }

    public void Fault(long offset, string sentence)
    {
    }

    private SubjectScore Of(string name) => _subjects.TryGetValue(name, out SubjectScore? known) ? known : _subjects[name] = new SubjectScore(name, _attackers.Contains(name));
}
