namespace Blackwall.Mesh.Consensus;

/// <summary>The rules by which votes become an action. The defaults are those that the simulations were made with.</summary>
public sealed record ConsensusOptions
{
    /// <summary>Weight that votes of others must have by themselves.</summary>
    public double RemoteBar { get; init; } = 3;

    /// <summary>Weight that they must have where our own sensors saw the target too.</summary>
    public double OwnBar { get; init; } = 1;

    /// <summary>Networks of different operators that voters must come from.</summary>
    public int RemoteNetworks { get; init; } = 4;

    /// <summary>The same where our own sensors saw the target too.</summary>
    public int OwnNetworks { get; init; } = 2;

    /// <summary>Old, confirmed reporters of whom so many must be among the voters, unless our own sensors saw the target.</summary>
    public int Veterans { get; init; } = 2;

    /// <summary>The most weight of voters of one IPv4 /24 (IPv6 /48), of one /16 (/32) and of one operator.</summary>
    public double NetworkCap { get; init; } = 1;

    /// <summary>An action ends when the weight falls below this share of what it needed.</summary>
    public double Release { get; init; } = 0.75;

    /// <summary>How much more the votes for an action must weigh than those against it.</summary>
    public double CounterFactor { get; init; } = 2;

    /// <summary>Weight of the votes against an action, of <see cref="OwnNetworks"/> operators, from which on a target is contested.</summary>
    public double ContestedFrom { get; init; } = 1;

    /// <summary>The same as a share of the votes for it: a few cannot speak for what a crowd saw.</summary>
    public double ContestedPart { get; init; } = 0.05;

    /// <summary>Share of the whole mesh, by weight, that must speak for an action on a contested target, where our own sensors did not see it.</summary>
    public double ContestedShare { get; init; } = 0.5;

    /// <summary>Time between the votes of strangers that suffice and the action, for those who serve the target to say so.</summary>
    public TimeSpan Hearing { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a vote counts.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(24);

    /// <summary>In this time a vote loses half of its weight.</summary>
    public TimeSpan VoteHalfLife { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Reporters younger than this weigh nothing.</summary>
    public TimeSpan NewcomerAge { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Reporters of this age weigh all that their reputation gives.</summary>
    public TimeSpan FullAge { get; init; } = TimeSpan.FromDays(30);

    public double VeteranReputation { get; init; } = 0.5;

    public int VeteranConfirmed { get; init; } = 20;

    /// <summary>How long the first action on strangers' word lasts; then it needs new reporters that weigh as much as <see cref="OwnBar"/>.</summary>
    public TimeSpan FirstLease { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long an action on others' word alone lasts; then it needs a vote that was cast since.</summary>
    public TimeSpan RemoteLease { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long an action lasts that our own sensors confirm.</summary>
    public TimeSpan OwnLease { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Votes of a reporter that are compared with others' to find those who always vote together.</summary>
    public int VoteHistory { get; init; } = 200;

    /// <summary>The last of them, which are compared by themselves too.</summary>
    public int RecentVotes { get; init; } = 10;

    /// <summary>The heaviest votes on a target that are counted.</summary>
    public int CountedVotes { get; init; } = 256;

    /// <summary>Reporters whose votes are alike by more than this share (Jaccard) are one group.</summary>
    public double CliqueLikeness { get; init; } = 0.8;

    /// <summary>A group is honest when others or our own sensors confirm at least this share of what it votes for.</summary>
    public double CliqueOutside { get; init; } = 0.5;

    /// <summary>Common votes from which on likeness says something.</summary>
    public int CliqueVotes { get; init; } = 5;

    /// <summary>Actions on others' word alone that one group of reporters may cause in an hour.</summary>
    public int GroupActions { get; init; } = 50;

    /// <summary>Share of <see cref="MaxTargets"/> that one group of reporters may have acted on at a time, on others' word alone.</summary>
    public double GroupShare { get; init; } = 0.001;

    /// <summary>How long a target that an operator refuted is left alone.</summary>
    public TimeSpan RefutedFor { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long a proven offence silences its author.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Targets that are kept.</summary>
    public int MaxTargets { get; init; } = 65_536;

    /// <summary>Votes for an action on one target, and as many against it; beyond, the lightest of that side makes room for a heavier one.</summary>
    public int MaxVotes { get; init; } = 512;

    /// <summary>How long a report may wait for its confirmation.</summary>
    public TimeSpan ConfirmWithin { get; init; } = TimeSpan.FromHours(24);
}
