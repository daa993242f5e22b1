using Blackwall.Changes;
using Blackwall.Kernel.Abi;
using Xunit;

namespace Blackwall.Tests.Config;

/// <summary>Whether the configuration or the operator's last word over the API says how the wall starts.</summary>
public sealed class ModeAtStartTests
{
    [Theory]
    [InlineData(EnforcementMode.Observe, false, null, null, EnforcementMode.Observe)]
    [InlineData(EnforcementMode.Observe, true, EnforcementMode.Enforce, EnforcementMode.Observe, EnforcementMode.Enforce)]
    [InlineData(EnforcementMode.Observe, false, EnforcementMode.Enforce, EnforcementMode.Observe, EnforcementMode.Enforce)]
    [InlineData(EnforcementMode.Enforce, true, EnforcementMode.Observe, EnforcementMode.Enforce, EnforcementMode.Observe)]

    // The file was changed since.
    [InlineData(EnforcementMode.Observe, true, EnforcementMode.Enforce, EnforcementMode.Enforce, EnforcementMode.Observe)]
    [InlineData(EnforcementMode.Enforce, true, EnforcementMode.Observe, EnforcementMode.Observe, EnforcementMode.Enforce)]

    // Confirmed with an earlier version, which did not remember what the file said.
    [InlineData(EnforcementMode.Observe, true, EnforcementMode.Enforce, null, EnforcementMode.Observe)]
    [InlineData(EnforcementMode.Observe, false, EnforcementMode.Enforce, null, EnforcementMode.Enforce)]
    public void The_newer_word_holds(EnforcementMode configured, bool isExplicit, EnforcementMode? confirmed, EnforcementMode? configuredThen, EnforcementMode expected) =>
        Assert.Equal(expected, new ModeAtStart(configured, isExplicit).Choose(confirmed, configuredThen));
}
