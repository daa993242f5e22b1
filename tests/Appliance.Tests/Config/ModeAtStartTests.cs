using Blackwall.Changes;
using Blackwall.Kernel.Abi;
using Xunit;

namespace Blackwall.Tests.Config;

/// <summary>Whether the configuration or the operator's last word over the API says how the wall starts.</summary>
public sealed class ModeAtStartTests
{
    private static readonly ModeAtStart s_default = new(EnforcementMode.Observe, IsExplicit: false);
    private static readonly ModeAtStart s_observe = new(EnforcementMode.Observe, IsExplicit: true);
    private static readonly ModeAtStart s_enforce = new(EnforcementMode.Enforce, IsExplicit: true);

    public static TheoryData<ModeAtStart, EnforcementMode?, ModeAtStart?, EnforcementMode> Cases => new()
    {
        { s_default, null, null, EnforcementMode.Observe },
        { s_observe, EnforcementMode.Enforce, s_observe, EnforcementMode.Enforce },
        { s_default, EnforcementMode.Enforce, s_default, EnforcementMode.Enforce },
        { s_enforce, EnforcementMode.Observe, s_enforce, EnforcementMode.Observe },

        // The file was changed since, also when it now names what was the default then.
        { s_observe, EnforcementMode.Enforce, s_enforce, EnforcementMode.Observe },
        { s_enforce, EnforcementMode.Observe, s_observe, EnforcementMode.Enforce },
        { s_observe, EnforcementMode.Enforce, s_default, EnforcementMode.Observe },

        // Named on the command line of this start.
        { s_observe with { IsForced = true }, EnforcementMode.Enforce, s_observe, EnforcementMode.Observe },

        // Confirmed with an earlier version, which did not remember what the file said.
        { s_observe, EnforcementMode.Enforce, null, EnforcementMode.Observe },
        { s_default, EnforcementMode.Enforce, null, EnforcementMode.Enforce },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_newer_word_holds(ModeAtStart configured, EnforcementMode? confirmed, ModeAtStart? configuredThen, EnforcementMode expected) =>
        Assert.Equal(expected, configured.Choose(confirmed, configuredThen?.Mark));
}
