using Blackwall.Kernel;
using Blackwall.Kernel.Enforcement;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Tests.Pipeline;
using Xunit;

namespace Blackwall.Tests.Enforcement;

/// <summary>Board and kernel agree in the end, whatever the kernel refuses meanwhile; until then nobody is told that they do.</summary>
public sealed class EnforcementTests : IDisposable
{
    private readonly BoardFixture _f = new();
    private readonly FakeKernel _kernel = new();
    private readonly EnforcementWriter _writer;

    public EnforcementTests()
    {
        _writer = new EnforcementWriter(_f.Board, _kernel);
        _writer.Replace();
    }

    public void Dispose() => _f.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void What_was_drained_when_a_write_failed_is_written_by_the_next_attempt_and_not_claimed_before(int taken)
    {
        string[] scopes = ["9.1.2.1", "9.1.2.2", "9.1.3.0/24"];
        foreach (string scope in scopes)
        {
            _f.Operator(scope);
        }

        long wanted = _f.Board.Version;
        (_kernel.Taking, _kernel.Refusing) = (taken, 1);
        Assert.Throws<KernelException>(_writer.Synchronise);
        Assert.Contains("refuses", _writer.Fault, StringComparison.Ordinal);
        Assert.True(_f.Board.Wall.EnforcedVersion < wanted);
        Assert.All(scopes, scope => Assert.False(_f.Board.Wall.IsEnforced(Prefix.Parse(scope))));

        // A later change succeeds: it must not stand for those before it.
        _f.Operator("9.1.2.9");
        _writer.Synchronise();
        Assert.Equal(4, _kernel.Entries.Count);
        Assert.All(scopes, scope => Assert.True(_f.Board.Wall.IsEnforced(Prefix.Parse(scope)) && _kernel.Entries.ContainsKey(Prefix.Parse(scope))));
        Assert.Equal((null, 1L, 0), (_writer.Fault, _writer.Failed, _writer.FailedInARow));
    }

    [Fact]
    public void A_lift_that_the_kernel_refuses_is_tried_until_it_takes_it()
    {
        long id = _f.Operator("9.1.2.1").Decision!.Id;
        _writer.Synchronise();
        _f.Board.Lift(id, "tester", out _);
        _kernel.Refusing = 2;
        Assert.Throws<KernelException>(_writer.Synchronise);
        Assert.Throws<KernelException>(_writer.Synchronise);
        Assert.Single(_kernel.Entries);
        _writer.Synchronise();
        Assert.Empty(_kernel.Entries);
        Assert.Equal(_f.Board.Version, _f.Board.Wall.EnforcedVersion);
    }

    [Fact]
    public void Tables_that_go_on_refusing_are_replaced_as_a_whole()
    {
        _f.Operator("9.1.2.1");
        _kernel.Refusing = 3;
        for (int i = 0; i < 3; i++)
        {
            Assert.Throws<KernelException>(_writer.Synchronise);
        }

        int wholes = _kernel.Wholes;
        _writer.Synchronise();
        Assert.Equal((wholes + 1, 1), (_kernel.Wholes, _kernel.Entries.Count));
    }

    [Fact]
    public void The_audit_finds_what_is_missing_changed_and_foreign_and_the_writer_mends_it()
    {
        for (int i = 0; i < 700; i++)
        {
            _f.Operator($"9.1.{i / 250}.{i % 250}");
        }

        _writer.Synchronise();
        EnforcementAudit audit = new(_f.Board, _kernel, _f.Clock);
        Pass(audit, 1);
        Assert.Equal((0L, 1400L), (audit.Differed, audit.Compared));

        Prefix missing = Prefix.Parse("9.1.0.7");
        Prefix changed = Prefix.Parse("9.1.2.7");
        Prefix foreign = Prefix.Parse("8.8.8.8");
        _kernel.Entries.Remove(missing);
        _kernel.Entries[changed] = new PolicyEntry(changed, 1, long.MaxValue, Verdict.Pass, 1);
        _kernel.Entries[foreign] = new PolicyEntry(foreign, 2, long.MaxValue, Verdict.Drop, 2);
        _f.Clock.Advance(TimeSpan.FromMinutes(1));
        Pass(audit, 2);

        Assert.Equal(3, audit.Differed);
        Assert.Equal(700, _kernel.Entries.Count);
        Assert.Equal((Verdict.Drop, Verdict.Drop, false), (_kernel.Entries[missing].Verdict, _kernel.Entries[changed].Verdict, _kernel.Entries.ContainsKey(foreign)));
    }

    [Fact]
    public void What_waits_to_be_written_is_no_difference()
    {
        _f.Operator("9.1.2.1");
        EnforcementAudit audit = new(_f.Board, _kernel, _f.Clock);
        for (int i = 0; i < 5; i++)
        {
            audit.CompareSlice();
        }

        Assert.Equal((0L, 1L), (audit.Differed, audit.Passes));
    }

    private void Pass(EnforcementAudit audit, int passes)
    {
        for (int i = 0; i < 20 && audit.Passes < passes; i++)
        {
            audit.CompareSlice();
            _writer.Synchronise();
        }

        Assert.Equal(passes, audit.Passes);
    }

    /// <summary>A large difference comes in one step: when the kernel refuses it, nothing of it is there, and nobody is told that it is enforced.</summary>
    [Fact]
    public async Task What_an_owner_says_now_is_in_the_kernel_whole_or_not_at_all()
    {
        ClaimOwner feed = new(Origin.Feed, "spamhaus");
        Claim[] first = [.. Enumerable.Range(0, 1000).Select(i => new Claim(Prefix.Parse($"9.1.{i >> 8}.{i & 255}"), Verdict.Drop, "listed"))];
        Claim[] second = [.. Enumerable.Range(500, 1000).Select(i => new Claim(Prefix.Parse($"9.1.{i >> 8}.{i & 255}"), Verdict.RateLimit, "listed"))];
        FakeKernel kernel = new();
        EnforcementWriter writer = new(_f.Board, kernel);
        _f.Board.Reconcile(feed, first);
        writer.Synchronise();
        Assert.Equal((1000, 1), (kernel.Entries.Count, kernel.Wholes));

        ReconcileResult result = _f.Board.Reconcile(feed, second);
        Assert.Equal((500, 500, 500), (result.Added, result.Changed, result.Removed));
        kernel.Refusing = 1;
        Assert.Throws<KernelException>(writer.Synchronise);
        Assert.True(kernel.Entries.Count == 1000 && kernel.Entries.Values.All(entry => entry.Verdict == Verdict.Drop));
        Task enforced = _f.Board.Wall.WhenEnforcedAsync(result.Version, TestContext.Current.CancellationToken);
        Assert.False(enforced.IsCompleted);

        writer.Synchronise();
        await enforced;
        Assert.Equal(second.Select(claim => claim.Scope).Order(), kernel.Entries.Keys.Order());
        Assert.All(kernel.Entries.Values, entry => Assert.Equal(Verdict.RateLimit, entry.Verdict));
        Assert.Equal((2, 0L), (kernel.Wholes, writer.Written));
    }
}
