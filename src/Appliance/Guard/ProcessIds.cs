using System.Globalization;

namespace Blackwall.Guard;

/// <summary>Reads the ids out of /proc/PID/status (proc_pid_status(5)). Pure.</summary>
internal static class ProcessIds
{
    /// <param name="text">The file.</param>
    /// <param name="user">Real user id.</param>
    /// <param name="groups">Real group id, and the supplementary ones.</param>
    public static bool TryRead(string text, out int user, out int[] groups)
    {
        user = -1;
        List<int> found = [];
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split(['\t', ' '], StringSplitOptions.RemoveEmptyEntries);
            int[] numbers = [.. words.Skip(1).Select(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : -1)];
            switch (words.FirstOrDefault())
            {
                case "Uid:" when numbers.Length > 0:
                    user = numbers[0];
                    break;
                case "Gid:" when numbers.Length > 0:
                    found.Add(numbers[0]);
                    break;
                case "Groups:":
                    found.AddRange(numbers);
                    break;
            }
        }

        groups = [.. found];
        return user >= 0;
    }
}
