using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Microsoft.Extensions.Options;

namespace Blackwall.Rules;

/// <summary>
/// Puts the rules of the configuration on the board at start, and takes those away that the file no longer holds. A rule that somebody made
/// himself and that does as much stays his: the file puts its own in place when that one has ended.
/// </summary>
public sealed class ConfiguredRules(VerdictBoard board, IOptions<RuleOptions> options, IOptions<BoardOptions> boardOptions, TimeProvider time, ILogger<ConfiguredRules> log)
    : IHostedService, IHealthSource, IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly List<Waiting> _waiting = [];
    private ITimer? _timer;
    private string? _fault;

    public string Name => "rules";

    public bool Ready => true;

    public string? Fault => Volatile.Read(ref _fault);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        List<string> faults = [];
        HashSet<Prefix> allow = [.. options.Value.Allowlist];
        List<Prefix> block = [.. options.Value.Blocklist];
        foreach (string path in options.Value.BlocklistFiles)
        {
            ReadFile(path, block, faults);
        }

        RemoveStale(allow, [.. block]);
        foreach (Prefix scope in allow)
        {
            Put(scope, Verdict.Pass, faults);
        }

        foreach (Prefix scope in block)
        {
            Put(scope, Verdict.Drop, faults);
        }

        if (faults.Count > 0)
        {
            Volatile.Write(ref _fault, $"{faults.Count} configured rules are not in force; the first: {faults[0]}");
        }

        RulesLog.Applied(log, allow.Count, block.Count, faults.Count);
        if (_waiting.Count > 0)
        {
            _timer = time.CreateTimer(_ => PutWhatWaited(), null, LookEvery, LookEvery);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    private void Put(Prefix scope, Verdict verdict, List<string> faults)
    {
        if (board.Rules.For(scope) is { } present && !ConfiguredRule.Is(present) && present.Verdict >= verdict)
        {
            if (present.Verdict != verdict)
            {
                string stricter = $"{scope} has the stricter rule {present.Id} of {present.Actor}, which stays.";
                RulesLog.Refused(log, scope.ToString(), stricter);
                faults.Add(stricter);
            }

            if (present.Ends != long.MaxValue)
            {
                _waiting.Add(new Waiting(scope, verdict, present.Ends));
            }

            return;
        }

        DecisionRequest request = new(scope, verdict, Origin.Operator, ConfiguredRule.Reason, 1, null, [], null, ConfiguredRule.Actor);
        if (board.Publish(request).Refusal is { } refusal)
        {
            RulesLog.Refused(log, scope.ToString(), refusal);
            faults.Add(refusal);
        }
    }

    /// <summary>Puts rules whose place somebody's own rule held until it ended. One that he lifted or renewed is his word, and ends the wait or prolongs it.</summary>
    private void PutWhatWaited()
    {
        lock (_waiting)
        {
            Waiting[] waited = [.. _waiting];
            _waiting.Clear();
            foreach (Waiting one in waited)
            {
                if (board.Rules.For(one.Scope) is { } present)
                {
                    if (present.Ends != long.MaxValue)
                    {
                        _waiting.Add(one with { Ends = present.Ends });
                    }
                }
                else if (board.Clock.Now >= one.Ends)
                {
                    Put(one.Scope, one.Verdict, []);
                }
            }
        }
    }

    private void ReadFile(string path, List<Prefix> into, List<string> faults)
    {
        try
        {
            (List<Prefix> scopes, _, List<(int Line, string Error)> errors) = Netset.Parse(File.ReadAllText(path), boardOptions.Value.MaxDecisions);
            into.AddRange(scopes);
            foreach ((int line, string error) in errors)
            {
                RulesLog.Refused(log, $"{path}:{line}", error);
                faults.Add($"{path}:{line}: {error}");
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            RulesLog.Refused(log, path, failure.Message);
            faults.Add($"{path} cannot be read: {failure.Message}");
        }
    }

    private void RemoveStale(HashSet<Prefix> allow, HashSet<Prefix> block)
    {
        long before = long.MaxValue;
        while (true)
        {
            DecisionPage page = board.List(new DecisionQuery(null, null, Origin.Operator, null, before, 1000));
            foreach (Decision rule in page.Items)
            {
                bool wanted = rule.Verdict == Verdict.Pass ? allow.Contains(rule.Scope) : block.Contains(rule.Scope);
                if (ConfiguredRule.Is(rule) && !wanted)
                {
                    board.Lift(rule.Id, ConfiguredRule.Actor, out _);
                }
            }

            if (page.Next is not { } next)
            {
                return;
            }

            before = next;
        }
    }

    /// <param name="Scope">What the file names.</param>
    /// <param name="Verdict">What it wants.</param>
    /// <param name="Ends">When the rule in its place ends, milliseconds of the board's clock.</param>
    private readonly record struct Waiting(Prefix Scope, Verdict Verdict, long Ends);
}
