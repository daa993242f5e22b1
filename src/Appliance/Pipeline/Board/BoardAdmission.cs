using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Stages;

namespace Blackwall.Pipeline.Board;

/// <summary>Accepts or refuses requests: the rules of <see cref="Admission"/>, and what else is on the board. Called under the board's lock.</summary>
internal sealed class BoardAdmission(BoardState state)
{
    private const int MostRefusals = 100;

    /// <summary>Null: the claim can be made.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="now">Milliseconds of the board's clock.</param>
    /// <param name="amended">Slot of the rule that is edited; -1: none.</param>
    /// <param name="removed">Scopes whose rules of the operator go in the same change.</param>
    public (Refusal Kind, string Sentence)? Judge(DecisionRequest request, long now, int amended = -1, HashSet<Prefix>? removed = null)
    {
        if (JudgeAlone(request, now, amended, removed) is { } refusal)
        {
            return refusal;
        }

        ClaimTable table = state.Table;
        bool isLimited = ForgeableShare.IsForgeable(request.Origin, request.Verdict) && table.Rows.CountOf(Verdict.RateLimit) >= state.Options.MaxDecisions / 4;
        bool isFull = table.Count >= Capacity(request.Origin);
        if ((!isLimited && !isFull) || state.Find(request.Scope, request.Origin, request.Owner) >= 0)
        {
            return null;
        }

        return isLimited
            ? (Refusal.Full, $"A quarter of the board is rate limits ({table.Rows.CountOf(Verdict.RateLimit)}); the rest is kept for what is proven.")
            : Full();
    }

    /// <summary>As <see cref="Judge"/>, without asking whether there is room.</summary>
    public (Refusal Kind, string Sentence)? JudgeAlone(DecisionRequest request, long now, int amended = -1, HashSet<Prefix>? removed = null)
    {
        if (Admission.Judge(request, state.Guard) is { } refusal)
        {
            return refusal;
        }

        if (!state.Owners.HasRoom && !state.Owners.TryFind(request.Owner, out _))
        {
            return (Refusal.Full, "There are too many owners of claims already.");
        }

        if (request.Verdict == Verdict.RedirectToTarpit && !CanRedirect(request.Scope))
        {
            int family = request.Scope.IsV4 ? 4 : 6;
            return (Refusal.NoTarpit, $"No tarpit is configured for IPv{family} (kernel.tarpit.address{family} and port{family}); redirected packets would simply pass.");
        }

        if (request.Verdict != Verdict.Pass && Allowing(request.Scope, now, amended, removed) is { } allow)
        {
            return (Refusal.OperatorAllow, request.Origin == Origin.Operator
                ? $"{request.Scope} overlaps the allow rule {state.Table[allow].Id} for {state.Table[allow].Scope}; remove that rule first."
                : $"{request.Scope} overlaps the operator's allow rule for {state.Table[allow].Scope}.");
        }

        return null;
    }

    /// <summary>Judges the same request over many scopes; at most 100 refusals, each with the index of its scope.</summary>
    public List<(int Index, (Refusal Kind, string Sentence) Refusal)> JudgeAll(DecisionRequest template, IReadOnlyList<Prefix> scopes, long now)
    {
        List<(int, (Refusal, string))> refused = [];
        for (int i = 0; i < scopes.Count && refused.Count < MostRefusals; i++)
        {
            if (Judge(template with { Scope = scopes[i] }, now) is { } refusal)
            {
                refused.Add((i, refusal));
            }
        }

        if (refused.Count == 0 && Exceeds(template.Origin, scopes.Count, () => scopes.Count(s => state.Find(s, template.Origin, template.Owner) < 0)))
        {
            refused.Add((0, Full()));
        }

        return refused;
    }

    /// <summary>Whether so many claims more would be too many.</summary>
    /// <param name="origin">Whose.</param>
    /// <param name="most">At most so many are new.</param>
    /// <param name="count">Counts those that are; asked only when it matters.</param>
    public bool Exceeds(Origin origin, int most, Func<int> count)
    {
        int room = Capacity(origin) - state.Table.Count;
        return most > room && count() > room;
    }

    public (Refusal Kind, string Sentence) Full() =>
        (Refusal.Full, $"The board is full ({state.Table.Count} decisions); lift some, or raise storage.max_decisions.");

    /// <summary>Counts a refusal and answers with it.</summary>
    public PublishResult Refuse((Refusal Kind, string Sentence) refusal)
    {
        state.Refused[(int)refusal.Kind]++;
        return new PublishResult(null, refusal.Sentence, state.Version) { Field = FieldOf(refusal.Kind) };
    }

    public static string? FieldOf(Refusal kind) => kind == Refusal.NoTarpit ? "verdict" : null;

    /// <summary>Detection does not know which address families have a tarpit; where the family has none, a proven attacker is dropped instead of let through.</summary>
    public DecisionRequest Answerable(DecisionRequest request) =>
        Answerable(request.Verdict, request.Scope, request.Origin) is var verdict && verdict != request.Verdict ? request with { Verdict = verdict } : request;

    /// <summary>Where the family has no tarpit, the source is dropped, as above.</summary>
    public Verdict Answerable(Verdict verdict, Prefix scope, Origin origin) =>
        origin != Origin.Operator && verdict == Verdict.RedirectToTarpit && !CanRedirect(scope) ? Verdict.Drop : verdict;

    /// <summary>An allow rule of the operator that shares an address with this scope.</summary>
    private int? Allowing(Prefix scope, long now, int amended, HashSet<Prefix>? removed)
    {
        ClaimTable table = state.Table;
        if (table.Rows.CountOf(Verdict.Pass) == table.CountOf(Origin.Guard))
        {
            return null;
        }

        IEnumerable<int> overlapping = scope.IsHost ? table.Containing(scope) : table.Containing(scope).Concat(table.Inside(scope));
        foreach (int slot in overlapping)
        {
            ref ClaimRow row = ref table[slot];
            if (row.Origin == Origin.Operator && row.Verdict == Verdict.Pass && slot != amended && table.Expiry(slot) > now && !IsRemoved(row, removed))
            {
                return slot;
            }
        }

        return null;
    }

    private bool IsRemoved(in ClaimRow row, HashSet<Prefix>? removed) =>
        removed?.Contains(row.Scope) == true && string.Equals(state.Owners[row.Owner], ClaimOwner.Operator, StringComparison.Ordinal);

    private int Capacity(Origin origin) =>
        origin is Origin.Operator or Origin.Guard ? state.Options.MaxDecisions : state.Options.MaxDecisions - (state.Options.MaxDecisions / 64);

    private bool CanRedirect(Prefix scope) => scope.IsV4 ? state.Options.CanRedirect4 : state.Options.CanRedirect6;
}
