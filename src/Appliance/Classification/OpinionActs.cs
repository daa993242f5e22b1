using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Classification;

/// <summary>
/// What follows from an opinion: at most a rate limit that ends by itself, for a source that was suspicious before and that nobody uses in the ordinary
/// way. It takes nothing away from anybody's decision, and the board holds that a model asks for no more.
/// </summary>
internal sealed class OpinionActs(IDecisionSink decisions, TimeProvider time)
{
    public const string EvidenceKind = "model-opinion";

    private const string Actor = "llm";
    private const int StandingUses = 3;

    // An opinion weighs less than what was counted.
    private const double MostConfidence = 0.5;

    public OpinionEffect Apply(Opinion opinion, AiOptions options)
    {
        if (options.Mode != AiMode.Advise)
        {
            return OpinionEffect.Shadow;
        }

        if (opinion.Category is OpinionCategory.Benign or OpinionCategory.Unknown || opinion.Percent < options.MinPercent)
        {
            return OpinionEffect.None;
        }

        if (opinion.About.Uses >= StandingUses)
        {
            return OpinionEffect.Standing;
        }

        EvidenceFacts facts = new(OpinionFindings.TakenFor) { Category = OpinionWords.For(opinion.Category), Score = opinion.Percent };
        Evidence evidence = Evidence.Create(opinion.Source, EvidenceKind, EvidenceClass.Spoofable, 0, time.GetUtcNow(), facts);
        PublishResult result = decisions.Publish(new DecisionRequest(
            Prefix.Host(opinion.Source), Verdict.RateLimit, Origin.Model, EvidenceKind, MostConfidence * opinion.Percent / 100, TimeSpan.FromMinutes(options.LimitMinutes), [evidence], null, Actor));
        return result.Decision is null ? OpinionEffect.Refused : OpinionEffect.Limited;
    }
}
