using System.Globalization;
using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>The rules by which a request for a decision is accepted or refused, apart from what the board holds. Pure.</summary>
internal static class Admission
{
    /// <summary>Most pieces of evidence of one decision; more would prove nothing more.</summary>
    public const int MaxEvidence = 16;

    public const int MaxWord = 64;
    public const int MaxComment = 1024;
    public const int MaxOwner = 1024;

    /// <summary>Null: admissible.</summary>
    public static (Refusal Kind, string Sentence)? Judge(DecisionRequest request, GuardSet guard)
    {
        Prefix scope = request.Scope;
        if (request.Verdict != Verdict.Pass)
        {
            if (scope.Length == 0)
            {
                return (Refusal.Guarded, $"{scope} is every address there is, the operator's too.");
            }

            if (guard.Overlapping(scope) is { } hit)
            {
                return (Refusal.Guarded, hit.Scope == scope
                    ? $"{scope} is guarded: it is {hit.Why}."
                    : $"{scope} is refused: it overlaps {hit.Scope}, {hit.Why}.");
            }
        }

        if (Malformed(request) is { } malformed)
        {
            return (Refusal.Invalid, malformed);
        }

        return request.Origin switch
        {
            Origin.Guard => (Refusal.NotAllowedForOrigin, "Guard decisions come from the guard set alone."),
            Origin.Operator => null,
            _ => JudgeAutomatic(request),
        };
    }

    private static (Refusal Kind, string Sentence)? JudgeAutomatic(DecisionRequest request)
    {
        Prefix scope = request.Scope;
        OriginRules owner = OriginRules.For(request.Origin);
        if (request.Verdict == Verdict.Pass && !owner.MayAllow)
        {
            return (Refusal.NotAllowedForOrigin, $"Only the operator may allow; {owner.Label} can add to the block side only.");
        }

        if (request.Verdict > owner.Hardest)
        {
            return (Refusal.NotAllowedForOrigin, $"{char.ToUpperInvariant(owner.Label[0])}{owner.Label[1..]} alone may ask for a rate limit and for nothing harder.");
        }

        if (owner.IsRemote && !request.IsVouched && Unroutable.Overlapping(scope) is { } reserved)
        {
            return (Refusal.Unroutable, $"{scope} lies in {reserved}, which is private or reserved: {owner.Label} cannot know it. The operator can block it by name.");
        }

        int widest = scope.IsV4 ? owner.Widest4 : owner.Widest6;
        if (scope.Length < widest)
        {
            return (Refusal.TooWide, string.Create(CultureInfo.InvariantCulture, $"{scope} is wider than /{widest}, the widest that {owner.Label} may name."));
        }

        // A source that proved nothing may be forged: then only a rate limit is admissible, which a real peer survives.
        if (owner.NeedsProof && request.Verdict != Verdict.RateLimit
            && !request.Evidence.Any(e => e.Class != EvidenceClass.Spoofable && scope.Contains(e.Source)))
        {
            return (Refusal.EvidenceForgeable, $"{scope}: nothing seen from there proves that the source is real; ask for a rate limit.");
        }

        return null;
    }

    private static string? Malformed(DecisionRequest request)
    {
        if (Prefix.Around(request.Scope.Network, request.Scope.Length) != request.Scope)
        {
            return $"{request.Scope} has host bits set.";
        }

        if (!Enum.IsDefined(request.Verdict) || !Enum.IsDefined(request.Origin))
        {
            return "No such verdict or origin.";
        }

        if (!(request.Confidence is >= 0 and <= 1))
        {
            return "The confidence is not within 0..1.";
        }

        if (request.Ttl is { } ttl && ttl <= TimeSpan.Zero)
        {
            return "The time to live is not positive.";
        }

        if (request.Reason.Length is 0 or > MaxWord || request.Actor.Length is 0 or > MaxWord || request.Comment?.Length > MaxComment || request.Owner.Length is 0 or > MaxOwner)
        {
            return string.Create(CultureInfo.InvariantCulture, $"Reason and actor have 1..{MaxWord} characters, an owner 1..{MaxOwner}, a comment at most {MaxComment}.");
        }

        return null;
    }
}
