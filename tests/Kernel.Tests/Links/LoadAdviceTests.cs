using Blackwall.Kernel.Loading;
using Xunit;

namespace Blackwall.Kernel.Tests.Links;

/// <summary>Why a kernel refuses the programs, in a sentence that says what to do.</summary>
public sealed class LoadAdviceTests
{
    private const int NotPermitted = 1, NoEntry = 2, NoMemory = 12, Access = 13, Invalid = 22;
    private const string All = "CapEff:\t000001ffffffffff";

    private static string Advice(int errno, string release = "6.1.0-25-amd64", bool btf = true, string lockdown = "[none] integrity confidentiality", string status = All, string log = "") =>
        LoadAdvice.For(errno, log, KernelFacts.From(release, btf, lockdown, status));

    [Theory]
    [InlineData("5.10.0-34-amd64", true)]
    [InlineData("4.19.0", true)]
    [InlineData("5.15.0-100-generic", false)]
    [InlineData("6.18.44", false)]
    [InlineData("", false)]
    public void A_kernel_that_is_too_old_is_named(string release, bool tooOld) =>
        Assert.Equal(tooOld, Advice(Invalid, release).Contains("needs 5.15 or later", StringComparison.Ordinal));

    [Fact]
    public void A_kernel_without_btf() => Assert.Contains("has no BTF", Advice(NoEntry, btf: false), StringComparison.Ordinal);

    [Theory]
    [InlineData("CapEff:\t0000000000002000", "CAP_BPF and CAP_PERFMON and CAP_NET_ADMIN")] // NET_RAW alone
    [InlineData("CapEff:\t0000008000001000", "needs CAP_PERFMON;")]                        // BPF, NET_ADMIN
    [InlineData("CapEff:\t000000c000000000", "needs CAP_NET_ADMIN;")]                      // BPF, PERFMON
    [InlineData("CapEff:\t0000000000200000", "needs CAP_NET_ADMIN;")]                      // SYS_ADMIN
    public void The_capability_that_is_missing_is_named(string status, string expected)
    {
        Assert.Contains(expected, Advice(NotPermitted, status: status), StringComparison.Ordinal);
        Assert.Contains(expected, Advice(Access, status: status, log: "processed 12 insns"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_locked_down_kernel()
    {
        Assert.Contains("locked down", Advice(NotPermitted, lockdown: "none integrity [confidentiality]"), StringComparison.Ordinal);
        Assert.DoesNotContain("locked down", Advice(NotPermitted, lockdown: "none [integrity] confidentiality"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_filter_or_security_module() => Assert.Contains("forbids bpf(2)", Advice(NotPermitted), StringComparison.Ordinal);

    [Fact]
    public void Too_little_memory_and_everything_else()
    {
        Assert.Contains("make them smaller", Advice(NoMemory), StringComparison.Ordinal);
        Assert.Contains("verifier", Advice(Access, log: "processed 12 insns"), StringComparison.Ordinal);
    }

    [Fact]
    public void This_machine_is_in_order()
    {
        var facts = KernelFacts.Read();
        Assert.True(facts.HasBtf);
        Assert.True(facts.Release >= LoadAdvice.OldestKernel);
        Assert.NotEqual(0ul, facts.Capabilities);
    }
}
