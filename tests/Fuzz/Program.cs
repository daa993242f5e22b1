using System.Globalization;
using Blackwall.Fuzz;

IFuzzTarget[] targets =
[
    .. typeof(IFuzzTarget).Assembly.GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IFuzzTarget)))
        .Select(type => (IFuzzTarget)Activator.CreateInstance(type)!)
        .OrderBy(target => target.Name, StringComparer.Ordinal),
];
if (args is ["bash", var many, var first] && int.TryParse(many, NumberStyles.None, CultureInfo.InvariantCulture, out int scripts) && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int from))
{
    return await Blackwall.Fuzz.Bash.BashComparison.RunAsync(scripts, from);
}

if (args is ["bash-file", var file])
{
    return await Blackwall.Fuzz.Bash.BashComparison.RunFileAsync(file);
}

if (args is ["shell", var lines])
{
    return await Blackwall.Fuzz.Bash.BashComparison.ShowAsync(lines);
}

if (args is ["bombs", var list, var each, var at] && int.TryParse(each, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && int.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out int begin))
{
    return await Blackwall.Fuzz.Bombs.BombRun.RunFileAsync(list, seconds, begin);
}

if (args.Length is 0 or > 3
    || !int.TryParse(args.ElementAtOrDefault(1) ?? "1000000", NumberStyles.None, CultureInfo.InvariantCulture, out int count)
    || !int.TryParse(args.ElementAtOrDefault(2) ?? "1", NumberStyles.None, CultureInfo.InvariantCulture, out int seed))
{
    Console.Error.WriteLine($"usage: fuzz TARGET|all [COUNT] [SEED]; fuzz bash COUNT SEED compares the shell with this machine's, bash-file FILE does so with the scripts of a file (each ends with a line of four dashes); fuzz shell FILE shows what the shell prints for them; fuzz bombs FILE SECONDS FIRST measures what the lines of a file cost\ntargets: {string.Join(", ", targets.Select(target => target.Name))}");
    return 2;
}

IFuzzTarget[] chosen = args[0] is "all" ? targets : [.. targets.Where(target => string.Equals(target.Name, args[0], StringComparison.Ordinal))];
if (chosen.Length == 0)
{
    Console.Error.WriteLine($"No target '{args[0]}'; there are {string.Join(", ", targets.Select(target => target.Name))}.");
    return 2;
}

foreach (IFuzzTarget target in chosen)
{
    var mutator = new Mutator(target.Seeds, new Random(seed));
    IEnumerable<byte[]> inputs = target.Seeds.Concat(Enumerable.Range(0, count).Select(_ => mutator.Next()));
    int run = 0;
    foreach (byte[] input in inputs)
    {
        if (Try(target, input) is { } fault)
        {
            Console.WriteLine($"{target.Name}: input {run} of seed {seed}: {fault}\n{Convert.ToHexString(input)}");
            return 1;
        }

        run++;
    }

    Console.WriteLine($"{target.Name}: {run} inputs, seed {seed}: no fault");
}

return 0;

static string? Try(IFuzzTarget target, byte[] input)
{
    try
    {
        return target.Run(input);
    }
    catch (Exception exception)
    {
        return exception.ToString();
    }
}
