namespace Blackwall.Composition;

/// <summary>A verb of the command line that a feature brings: it runs in place of the appliance.</summary>
/// <param name="Name">The first word after the program's name.</param>
/// <param name="Usage">One line for each way to call it, without "usage:".</param>
/// <param name="RunAsync">Takes what follows the verb and returns the exit code.</param>
internal sealed record FeatureVerb(string Name, string Usage, Func<string[], Task<int>> RunAsync);
