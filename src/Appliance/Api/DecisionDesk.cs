using Blackwall.Api.Contracts;
using Blackwall.Api.Keys;
using Blackwall.Kernel;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline;
using Blackwall.Storage;

namespace Blackwall.Api;

/// <summary>What the decision and rule endpoints do alike: publish and wait for the wall, lift, and show.</summary>
internal sealed class DecisionDesk(VerdictBoard board, EvidenceStore evidence, IWall wall, TimeProvider time, ILogger<DecisionDesk> log)
{
    /// <summary>How long an answer waits for the wall.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public VerdictBoard Board => board;

    public static Caller CallerOf(HttpContext context) => context.Features.Get<Caller>() ?? throw new InvalidOperationException("The endpoint is open to callers without a key.");

    public async Task<DecisionBody> ShowAsync(Decision decision, CancellationToken cancellation) =>
        DecisionBody.Of(decision, await evidence.FindAsync(decision.EvidenceIds, cancellation), Acts(board.IsEnforced(decision.Scope)));

    /// <summary>Whether the wall acts on this version within the patience.</summary>
    public async Task<bool> EnforcedAsync(long version, CancellationToken cancellation)
    {
        using CancellationTokenSource patience = new(Patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await board.WhenEnforcedAsync(version, either.Token);
            return Acts(held: true);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    public bool Lift(HttpContext context, long id)
    {
        Caller caller = CallerOf(context);
        bool lifted = board.Lift(id, caller.Name, out Decision? decision);
        if (lifted)
        {
            Audit(context, "lifted", decision!);
        }

        return lifted;
    }

    /// <summary>204 once the wall has let go of it as well.</summary>
    public async Task<IResult> LiftedAsync(HttpContext context)
    {
        await EnforcedAsync(board.Version, context.RequestAborted);
        return TypedResults.NoContent();
    }

    public void Audit(HttpContext context, string action, Decision decision) =>
        Audit(context, action, $"{Words.Of(decision.Verdict)} {decision.Scope} ({decision.Id})");

    public void Audit(HttpContext context, string action, string subject)
    {
        Caller caller = CallerOf(context);
        ApiLog.Changed(log, caller.Name, $"{caller.Address}", action, subject);
    }

    // An observing wall holds every decision and acts on none.
    private bool Acts(bool held) => held && wall.Status.Mode == EnforcementMode.Enforce;
}
