using System.Text.RegularExpressions;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Replay;
using Blackwall.Replay.Wire;

namespace Blackwall.Benchmarks.Detection;

/// <summary>Keeps what a replay tells of sources.</summary>
internal sealed partial class AlarmCollector : IReplayOutput
{
    public List<Alarm> Alarms { get; } = [];

    public ReplaySummary? Sum { get; private set; }

    public bool WantsPackets => false;

    public void Packet(long number, ulong time, FrameSketch? frame, bool outbound, Reason? reason)
    {
    }

    public void Decision(DecisionChange change)
    {
        if (change.Kind is DecisionChangeKind.Expired or DecisionChangeKind.Lifted)
        {
            return;
        }

        foreach (Evidence evidence in change.Evidence)
        {
            Alarms.Add(new Alarm($"{evidence.Source}", null, evidence.Kind, Seconds(change.Time), change.Decision.Verdict is Verdict.Drop or Verdict.RedirectToTarpit));
        }
    }

    // A change of phase rests on evidence that was told itself; what happens to an own address accuses nobody.
    public void Evidence(Evidence evidence)
    {
        if (evidence.Kind is not ("phase" or "target-flood"))
        {
            Match other = OtherEnd().Match(evidence.Detail);
            Alarms.Add(new Alarm($"{evidence.Source}", other.Success ? other.Groups["end"].Value : null, evidence.Kind, Seconds(evidence.Seen), Blocks: false));
        }
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

    public void Summary(ReplaySummary summary) => Sum = summary;

    private static double Seconds(DateTimeOffset date) => (date - DateTimeOffset.UnixEpoch).TotalSeconds;

    [GeneratedRegex(@"(?:with|to) (?<end>[0-9a-f.:]+) port", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OtherEnd();
}
