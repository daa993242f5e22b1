namespace Blackwall.Pipeline.Model;

/// <summary>Who makes a claim: one feed, one sensor, one model, the operator, the configuration, this appliance's detection.</summary>
/// <param name="Origin">Its kind, which gives the rank.</param>
/// <param name="Name">Its name among its kind, 1..1,024 characters.</param>
public readonly record struct ClaimOwner(Origin Origin, string Name)
{
    /// <summary>Every rule made over the API: operators share one book of rules, and whoever makes a rule for a scope again replaces it.</summary>
    public const string Operator = "operator";

    /// <summary>This appliance's own detection.</summary>
    public const string Appliance = "appliance";

    /// <summary>What the configuration file says.</summary>
    public static ClaimOwner Configuration { get; } = new(Origin.Operator, "config");

    /// <summary>A list that the configuration names.</summary>
    public static ClaimOwner File(string path) => new(Origin.Operator, path);

    /// <summary>A list of rules that is imported over the API.</summary>
    public static ClaimOwner List(string name) => new(Origin.Operator, $"list:{name}");

    /// <summary>Whose a claim is when nobody says so: whoever acts, but for the operator's rules.</summary>
    internal static string Usual(Origin origin, string actor) => origin == Origin.Operator ? Operator : actor;
}
