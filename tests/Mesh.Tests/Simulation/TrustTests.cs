using Xunit;

namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>The votes of 1,000 reporters, by the real engine; the benchmark does the same with more.</summary>
public sealed class TrustTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("OneSubnet", 0.1)]
    [InlineData("OneSubnet", 0.4)]
    [InlineData("FiveClouds", 0.2)]
    [InlineData("FiveClouds", 0.4)]
    [InlineData("YoungBotnet", 0.1)]
    [InlineData("YoungBotnet", 0.4)]
    [InlineData("Colluders", 0.1)]
    [InlineData("Colluders", 0.4)]
    public void No_innocent_address_is_hurt_by_a_crowd_of_newcomers_or_of_reporters_that_lie_together(string attack, double share) =>
        Assert.Equal(0, TrustScene.Innocent(seed: 7, peers: 1000, share, Enum.Parse<TrustAttack>(attack), serving: 0, trials: 100));

    [Theory]
    [InlineData(0.01, 0.01)]
    [InlineData(0.1, 0.02)]
    [InlineData(0.2, 0.02)]
    [InlineData(0.4, 0.05)]
    public void Reporters_that_lie_for_the_first_time_are_stopped_by_the_few_who_serve_the_address(double attackers, double serving)
    {
        // The positive control: these would get through, were nobody to speak for the address.
        Assert.Equal(1, TrustScene.Innocent(seed: 3, peers: 1000, attackers, TrustAttack.Turncoats, serving: 0, trials: 2));
        Assert.Equal(0, TrustScene.Innocent(seed: 3, peers: 1000, attackers, TrustAttack.Turncoats, serving, trials: 20));
    }

    [Fact]
    public void Reporters_that_lie_together_and_that_nobody_contradicts_are_one_group_after_some_lies() =>
        Assert.InRange(TrustScene.LiesUntilFound(seed: 1, peers: 500, attackers: 0.1), 1, 10);

    [Fact]
    public void A_lie_that_nobody_contradicts_lasts_ten_minutes_unless_new_liars_renew_it()
    {
        Assert.InRange(TrustScene.LimitedMinutes(seed: 2, peers: 500, attackers: 0.1, parts: 1), 9, 11);
        Assert.InRange(TrustScene.LimitedMinutes(seed: 2, peers: 500, attackers: 0.1, parts: 3), 60, 180);
    }

    [Fact]
    public void One_sleeper_that_vouches_for_a_real_attacker_spares_it_nothing_and_a_wide_attack_not_even_four()
    {
        Assert.Equal(0, TrustScene.Shielded(seed: 3, peers: 1000, sleepers: 1, seeing: 0.02, trials: 10));
        Assert.Equal(0, TrustScene.Shielded(seed: 3, peers: 1000, sleepers: 4, seeing: 0.5, trials: 5));

        // The price of the rule above, and the control of these: two do where few see it.
        Assert.Equal(1, TrustScene.Shielded(seed: 3, peers: 1000, sleepers: 4, seeing: 0.02, trials: 10));
    }

    [Theory]
    [InlineData(500, false)]
    [InlineData(1_600, true)]
    public void A_flood_of_accusations_hurts_nobody_and_hides_no_real_attacker(int messages, bool isAbuse)
    {
        TrustFloodResult result = TrustFloodScene.Run(seed: 4, peers: 300, attackers: 0.4, messages, table: 2_000);
        output.WriteLine($"{result}");
        Assert.Equal((0, result.Real, isAbuse ? 120 : 0, 0), (result.Limited, result.Found, result.Silenced, result.HonestSilenced));
        Assert.InRange(result.Targets, 1, 2_000);
        Assert.True(result.Taken > 20 * result.Targets);
    }

    [Fact]
    public void A_real_attacker_is_acted_on_after_seven_independent_sightings()
    {
        int[] needed = TrustScene.Sightings(seed: 5, peers: 1000, trials: 200);
        output.WriteLine($"median {needed[100]}, 95 % {needed[190]}");
        Assert.InRange(needed[100], 3, 7);
        Assert.InRange(needed[190], 3, 7);
    }

    [Fact]
    public void Nothing_protected_is_ever_acted_on_in_a_million_votes() => Assert.Equal(0, TrustScene.Protected(seed: 2, trials: 1_000_000));

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.4)]
    public void Everybody_acts_within_30_s_of_the_seventh_sighting_and_undoes_it_within_5_s_of_refutations(double silent)
    {
        TrustSpreadResult result = TrustSpreadScene.Run(seed: 1, peers: 500, silent);
        output.WriteLine($"{result}");
        Assert.Equal((0, 0), (result.NeverActed, result.StillActing));
        Assert.InRange(result.ActsAfterSeventh, -60_000, 30_000);
        Assert.InRange(result.UndoneAfter, 1, 5_000);
        Assert.Equal(result, TrustSpreadScene.Run(seed: 1, peers: 500, silent));
    }
}
