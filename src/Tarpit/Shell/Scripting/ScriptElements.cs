namespace Blackwall.Tarpit.Shell.Scripting;

/// <summary>Elements of arrays and maps.</summary>
internal static class ScriptElements
{
    public static object? Get(object? container, object? key) => container switch
    {
        List<object?> list => Place(list, key) is >= 0 and var at && at < list.Count ? list[at] : null,
        OrderedDictionary<string, object?> map => map.TryGetValue(ScriptValues.Text(key, isPhp: true), out object? value) ? value : null,
        string text => (int)ScriptValues.Real(key) is >= 0 and var at && at < text.Length ? text[at].ToString() : null,
        _ => null,
    };

    private static int Place(List<object?> list, object? key) => (int)Math.Clamp(ScriptValues.Real(key), -1e6, 1e6) is < 0 and var back ? list.Count + back : (int)Math.Clamp(ScriptValues.Real(key), 0, 1e6);

    public static void Set(object? container, object? key, object? value, int most)
    {
        switch (container)
        {
            case List<object?> list:
                int at = key is null ? list.Count : Place(list, key);
                if (at < 0 || at > most)
                {
                    throw new ScriptDieException("Out of memory!\n", 1, isError: false);
                }

                while (list.Count <= at)
                {
                    list.Add(null);
                }

                list[at] = value;
                break;
            case OrderedDictionary<string, object?> map:
                map[key is null ? ScriptValues.Number(map.Count) : ScriptValues.Text(key, isPhp: true)] = value;
                break;
        }
    }
}
