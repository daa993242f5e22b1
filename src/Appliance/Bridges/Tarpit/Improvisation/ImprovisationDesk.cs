using Blackwall.Classification;
using Microsoft.Extensions.Options;

namespace Blackwall.Bridges.Tarpit.Improvisation;

/// <summary>What all questions of the tarpit to a model share: settings, the model, what it said before, how often it is asked, and what came of it.</summary>
internal sealed class ImprovisationDesk(IOptions<ImprovisationOptions> options, ITextModel model, ImprovisationStore store, TimeProvider time)
{
    private const int FailuresInRow = 5;
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    private readonly CircuitBreaker _breaker = new(time);
    private readonly TokenBudget _questions = new(time);
    private long _answered;
    private long _kept;
    private long _failed;
    private long _refused;

    public ImprovisationOptions Options => options.Value;

    public ITextModel Model => model;

    public ImprovisationStore Store => store;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Answers of the model.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Answers that were given again.</summary>
    public long GivenAgain => Interlocked.Read(ref _kept);

    /// <summary>Questions without a whole answer.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Questions that were not asked: too many, or the server is left alone.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>What the operator should know; null: nothing.</summary>
    public string? Fault => Options.Enabled && _breaker.IsTripped ? "The model server of [tarpit.llm] does not answer: the tarpit's shell answers by itself." : null;

    /// <summary>Whether the model may be asked now.</summary>
    public bool MayAsk()
    {
        if (Options.Enabled && _breaker.Remaining == TimeSpan.Zero && _questions.TryTake(1, Options.QuestionsPerMinute))
        {
            return true;
        }

        Interlocked.Increment(ref _refused);
        return false;
    }

    public void CountKept() => Interlocked.Increment(ref _kept);

    public void Succeed()
    {
        Interlocked.Increment(ref _answered);
        _breaker.Succeed();
    }

    /// <param name="isServers">Whether it is the server's fault: a peer that leaves ends questions too.</param>
    public void Fail(bool isServers)
    {
        Interlocked.Increment(ref _failed);
        if (isServers)
        {
            _breaker.Fail(FailuresInRow, s_pause);
        }
    }
}
