using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;
using Blackwall.Pipeline.Time;
using Microsoft.Extensions.Options;

namespace Blackwall.Classification.Embedded;

/// <summary>
/// Has the embedded model look at each event of a flow. It tells and asks for nothing: what it thinks shows in 'why' and is a number more for the language
/// model. A fixed table: openers that share a place displace each other.
/// </summary>
internal sealed class EmbeddedStage(EmbeddedModel model, IOptions<AiOptions> options, BootClock clock) : IStage, ISourceOpinions
{
    private const int Slots = 16_384;

    private readonly Opener[] _slots = new Opener[Slots];
    private readonly ulong[] _seen = new ulong[Slots];
    private readonly Lock _lock = new();

    public void Observe(in PacketEvent packet, IFindings findings)
    {
        if (!options.Value.Embedded || !Opener.Counts(packet.Kind))
        {
            return;
        }

        RawAddress who = packet.Direction == FlowDirection.Outbound ? packet.Local : packet.Remote;
        int place = who.GetHashCode() & (Slots - 1);
        Span<int> features = stackalloc int[Opener.Features];

        // Taken by the one thread of the pipeline, but for a question now and then.
        lock (_lock)
        {
            ref Opener opener = ref _slots[place];
            if (opener.Who != who)
            {
                opener = new Opener { Who = who };
            }

            opener.Add(in packet);
            opener.Write(features);
            opener.Percent = model.Judge(features);
            _seen[place] = packet.TimeNanoseconds;
        }
    }

    public void Observe(in SampleHeader header, ReadOnlySpan<byte> data, IFindings findings)
    {
        // It never looks at payload.
    }

    public void Forget(Prefix scope)
    {
        // It asks for no decisions.
    }

    public void Exempt(Prefix scope)
    {
        // It asks for no decisions.
    }

    /// <summary>0..100; null: it does not look, or has not seen this one lately.</summary>
    public int? PercentOf(Address source) => Find(source) is [var opinion] ? opinion.Percent : null;

    public IReadOnlyList<SourceOpinion> Find(Address source)
    {
        RawAddress who = RawAddress.From(source);
        int place = who.GetHashCode() & (Slots - 1);
        int[] features = new int[Opener.Features];
        int percent;
        ulong seen;
        lock (_lock)
        {
            ref Opener opener = ref _slots[place];
            if (!options.Value.Embedded || opener.Who != who || _seen[place] == 0)
            {
                return [];
            }

            opener.Write(features);
            (percent, seen) = (opener.Percent, _seen[place]);
        }

        return
        [
            new SourceOpinion(
                $"embedded {model.Version}",
                EmbeddedWords.Attacker,
                percent,
                clock.ToDate(seen),
                OpinionWords.For(OpinionEffect.Shadow),
                0,
                [.. EmbeddedWords.Features.Zip(features, (name, value) => (name, (long)value))]),
        ];
    }
}
