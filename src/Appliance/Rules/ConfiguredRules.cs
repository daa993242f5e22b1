using Blackwall.Config;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Microsoft.Extensions.Options;

namespace Blackwall.Rules;

/// <summary>
/// Keeps the board in line with what the configuration says: its lists are claims of one owner, and each file that it names is an owner of its own, read
/// again when it changes. What operators make over the API stands beside; only a block of theirs that the configuration would allow keeps that allow
/// away while it stands.
/// </summary>
public sealed class ConfiguredRules(VerdictBoard board, IOptions<RuleOptions> options, IOptions<BoardOptions> boardOptions, TimeProvider time, ILogger<ConfiguredRules> log)
    : IHostedService, IHealthSource, IReloadable, IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _applying = new();
    private ListFile[] _files = Files(options.Value, boardOptions.Value);
    private readonly HashSet<Prefix> _withheld = [];
    private readonly SortedDictionary<string, (int Count, string First)> _faults = new(StringComparer.Ordinal);
    private ITimer? _timer;
    private string? _fault;

    public string Name => "rules";

    public bool Ready => true;

    public string? Fault => Volatile.Read(ref _fault);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Apply();
        _timer = time.CreateTimer(_ => ReadFiles(), null, LookEvery, LookEvery);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    /// <inheritdoc/>
    public IReadOnlyList<string> Reload()
    {
        lock (_applying)
        {
            _files = Files(options.Value, boardOptions.Value);
            _faults.Clear();
            Apply();
            return Fault is { } fault ? [fault] : [];
        }
    }

    /// <summary>Puts everything that the configuration says on the board, and takes away what it no longer says.</summary>
    internal void Apply()
    {
        lock (_applying)
        {
            ListFile[] readable = [.. _files.Where(file => file.TryRead())];
            HandOver(readable);
            foreach (ClaimOwner former in board.OwnersOf(Origin.Operator).Where(owner => owner.Name.StartsWith('/') && !_files.Any(file => string.Equals(file.Path, owner.Name, StringComparison.Ordinal))))
            {
                board.Reconcile(former, [], ConfiguredRule.Actor);
            }

            ApplyLists();
            foreach (ListFile file in _files)
            {
                ApplyFile(file);
            }

            ReportFaults();
        }
    }

    /// <summary>Takes up files that changed, and an allow whose place is free by now.</summary>
    private void ReadFiles()
    {
        lock (_applying)
        {
            ListFile[] changed = [.. _files.Where(file => file.HasChanged())];
            foreach (ListFile file in changed)
            {
                file.TryRead();
                ApplyFile(file);
            }

            bool isFree = _withheld.Any(scope => Stricter(scope) is null);
            if (isFree)
            {
                ApplyLists();
            }

            if (changed.Length > 0 || isFree)
            {
                ReportFaults();
            }
        }
    }

    private static ListFile[] Files(RuleOptions rules, BoardOptions board) =>
        [.. rules.BlocklistFiles.Distinct(StringComparer.Ordinal).Select(path => new ListFile(path, board.MaxDecisions))];

    private void ApplyLists()
    {
        List<(string, string)> faults = [];
        List<Claim> claims = [];
        _withheld.Clear();
        foreach (Prefix scope in options.Value.Allowlist.Distinct())
        {
            if (Stricter(scope) is { } rule)
            {
                faults.Add(($"{scope}", $"{scope} has the stricter rule {rule.Id} of {rule.Actor}, which stays."));
                _withheld.Add(scope);
            }
            else
            {
                claims.Add(ClaimOn(scope, Verdict.Pass));
            }
        }

        claims.AddRange(options.Value.Blocklist.Select(scope => ClaimOn(scope, Verdict.Drop)));
        RecordFaults(ClaimOwner.Configuration, faults, board.Reconcile(ClaimOwner.Configuration, claims, ConfiguredRule.Actor));
    }

    private void ApplyFile(ListFile file)
    {
        // A file that was never read leaves what it said in an earlier run.
        ClaimOwner owner = ClaimOwner.File(file.Path);
        ReconcileResult? result = file.Scopes is { } scopes ? board.Reconcile(owner, [.. scopes.Select(scope => ClaimOn(scope, Verdict.Drop))], ConfiguredRule.Actor) : null;
        RecordFaults(owner, file.Faults, result);
    }

    private void RecordFaults(ClaimOwner owner, IReadOnlyList<(string Where, string Error)> faults, ReconcileResult? result)
    {
        List<(string Where, string Error)> all = [.. faults, .. (result?.Refusals ?? []).Select(refused => ($"{refused.Scope}", refused.Sentence))];
        if (result?.Failure is { } failure)
        {
            all.Add((owner.Name, failure));
        }

        foreach ((string where, string error) in all)
        {
            RulesLog.Refused(log, where, error);
        }

        int more = (result?.Refused ?? 0) - (result?.Refusals.Count ?? 0);
        _faults.Remove(owner.Name);
        if (all.Count > 0)
        {
            _faults[owner.Name] = (all.Count + more, all[0].Error.Contains(all[0].Where, StringComparison.Ordinal) ? all[0].Error : $"{all[0].Where}: {all[0].Error}");
        }
    }

    private void ReportFaults()
    {
        int refused = _faults.Values.Sum(fault => fault.Count);
        Volatile.Write(ref _fault, refused == 0 ? null : $"{refused} configured rules are not in force; the first: {_faults.Values.First().First}");
        RulesLog.Applied(log, options.Value.Allowlist.Count, options.Value.Blocklist.Count + _files.Sum(file => file.Scopes?.Count ?? 0), refused);
    }

    /// <summary>Before files were owners of their own, the configuration owned what they said: those rules keep their ids.</summary>
    private void HandOver(IReadOnlyList<ListFile> files)
    {
        HashSet<Prefix> former = [.. board.ScopesOf(ClaimOwner.Configuration)];
        former.ExceptWith(options.Value.Allowlist);
        former.ExceptWith(options.Value.Blocklist);
        foreach (ListFile file in files.TakeWhile(_ => former.Count > 0))
        {
            board.HandOver(ClaimOwner.Configuration, ClaimOwner.File(file.Path), file.Scopes!.Where(former.Contains));
        }
    }

    /// <summary>What operators made for exactly this scope that an allow must not undo; null: nothing.</summary>
    private Decision? Stricter(Prefix scope) =>
        board.Rules.For(scope) is { } rule && !ConfiguredRule.Is(rule) && rule.Verdict != Verdict.Pass ? rule : null;

    private static Claim ClaimOn(Prefix scope, Verdict verdict) => new(scope, verdict, ConfiguredRule.Reason);
}
