using Blackwall.Pipeline;
using Microsoft.Extensions.Options;

namespace Blackwall.Rules;

/// <summary>Puts the rules of the configuration on the board at start, and takes those away that the file no longer holds.</summary>
public sealed class ConfiguredRules(VerdictBoard board, IOptions<RuleOptions> options, IOptions<BoardOptions> boardOptions, ILogger<ConfiguredRules> log) : IHostedService, IHealthSource
{
    /// <summary>Actor of these rules; the API leaves them to the file.</summary>
    public const string Actor = "config";

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
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Put(Prefix scope, Verdict verdict, List<string> faults)
    {
        DecisionRequest request = new(scope, verdict, Origin.Operator, "configured", 1, null, [], null, Actor);
        if (board.Publish(request).Refusal is { } refusal)
        {
            RulesLog.Refused(log, scope.ToString(), refusal);
            faults.Add(refusal);
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
                if (string.Equals(rule.Actor, Actor, StringComparison.Ordinal) && !wanted)
                {
                    board.Lift(rule.Id, Actor, out _);
                }
            }

            if (page.Next is not { } next)
            {
                return;
            }

            before = next;
        }
    }
}
