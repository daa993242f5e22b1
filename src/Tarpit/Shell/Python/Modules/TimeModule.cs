using System.Globalization;
using System.Numerics;

namespace Blackwall.Tarpit.Shell.Python.Modules;

/// <summary>time and datetime, by the clock of the machine.</summary>
internal static class TimeModule
{
    private static readonly PythonClass s_moment = MakeMoment();

    public static void Fill(PythonMachine machine, PythonModule time)
    {
        World.Machine clock = machine.Call.Machine;
        double Now() => (clock.Now - DateTimeOffset.UnixEpoch).TotalSeconds;
        time.Members["timezone"] = BigInteger.Zero;
        time.Members["tzname"] = new PythonTuple(["UTC", "UTC"]);
        time.Add("time", (m, a) => Now());
        time.Add("time_ns", (m, a) => new BigInteger(Now() * 1e9));
        time.Add("monotonic", (m, a) => clock.Uptime.TotalSeconds);
        time.Add("perf_counter", (m, a) => clock.Uptime.TotalSeconds);
        time.Add("process_time", (m, a) => 0.021);
        time.AddAsync("sleep", async (m, a) =>
        {
            double seconds = a.Real(0);
            if (seconds < 0)
            {
                throw PythonErrors.Value("sleep length must be non-negative");
            }

            await m.FlushAsync();
            await m.State.Turns.OutsideAsync(() => clock.SleepAsync(TimeSpan.FromSeconds(Math.Min(seconds, 4_000_000)), m.Cancellation));
            return null;
        });
        DateTimeOffset At(CallArguments a, int n) => a.Get(n) is BigInteger or double ? DateTimeOffset.UnixEpoch.AddSeconds(Math.Clamp(a.Real(n), 0, 4e9)) : clock.Now;
        time.Add("strftime", (m, a) => Dates.Format(a.Text(0), a.Get(1) is PythonObject { Native: PythonTuple } record ? FromRecord(record) : clock.Now));
        time.Add("ctime", (m, a) => Dates.Format("%a %b %e %H:%M:%S %Y", At(a, 0)));
        time.Add("asctime", (m, a) => Dates.Format("%a %b %e %H:%M:%S %Y", clock.Now));
        time.Add("localtime", (m, a) => ToRecord(At(a, 0)));
        time.Add("gmtime", (m, a) => ToRecord(At(a, 0)));
        time.Add("mktime", (m, a) => a.Need(0) is PythonObject { Native: PythonTuple } record ? (double)FromRecord(record).ToUnixTimeSeconds() : throw PythonErrors.Type("Tuple or struct_time argument required"));
    }

    private static PythonObject ToRecord(DateTimeOffset at) => OsModule.Record("time.struct_time", [("tm_year", (BigInteger)at.Year), ("tm_mon", (BigInteger)at.Month), ("tm_mday", (BigInteger)at.Day), ("tm_hour", (BigInteger)at.Hour), ("tm_min", (BigInteger)at.Minute), ("tm_sec", (BigInteger)at.Second), ("tm_wday", (BigInteger)(((int)at.DayOfWeek + 6) % 7)), ("tm_yday", (BigInteger)at.DayOfYear), ("tm_isdst", BigInteger.Zero)]);

    private static DateTimeOffset FromRecord(PythonObject record)
    {
        int[] parts = [.. ((PythonTuple)record.Native!).Items.Select(item => (int)(item as BigInteger? ?? 0))];
        return parts is [var year, var month, var day, var hour, var minute, var second, ..] ? new DateTimeOffset(Math.Clamp(year, 1, 9998), Math.Clamp(month, 1, 12), Math.Clamp(day, 1, 28), Math.Clamp(hour, 0, 23), Math.Clamp(minute, 0, 59), Math.Clamp(second, 0, 59), TimeSpan.Zero).AddDays(Math.Max(0, day - 28)) : DateTimeOffset.UnixEpoch;
    }

    public static void FillDates(PythonMachine machine, PythonModule datetime)
    {
        World.Machine clock = machine.Call.Machine;
        PythonClass type = new("datetime", [], "datetime"), date = new("date", [], "datetime");
        type.Members["now"] = type.Members["utcnow"] = type.Members["today"] = new NativeFunction("now", (m, a) => new(Moment(clock.Now, isDate: false)));
        type.Members["fromtimestamp"] = new NativeFunction("fromtimestamp", (m, a) => new(Moment(DateTimeOffset.UnixEpoch.AddSeconds(Math.Clamp(a.Real(0), 0, 4e9)), isDate: false)));
        date.Members["today"] = new NativeFunction("today", (m, a) => new(Moment(clock.Now, isDate: true)));
        (datetime.Members["datetime"], datetime.Members["date"]) = (type, date);
    }

    private static PythonObject Moment(DateTimeOffset at, bool isDate)
    {
        PythonObject moment = new(s_moment) { Native = at };
        foreach ((string name, int number) in new[] { ("year", at.Year), ("month", at.Month), ("day", at.Day), ("hour", at.Hour), ("minute", at.Minute), ("second", at.Second), ("microsecond", at.Millisecond * 1000) })
        {
            moment.Members[name] = (BigInteger)number;
        }

        moment.Members["__text"] = at.ToString(isDate ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        moment.Members["__repr_text__"] = isDate ? FormattableString.Invariant($"datetime.date({at.Year}, {at.Month}, {at.Day})") : FormattableString.Invariant($"datetime.datetime({at.Year}, {at.Month}, {at.Day}, {at.Hour}, {at.Minute}, {at.Second}, {at.Ticks / 10 % 1_000_000})");
        return moment;
    }

    private static PythonClass MakeMoment()
    {
        PythonClass type = new("datetime", [], "datetime");
        void Add(string name, Func<PythonObject, DateTimeOffset, CallArguments, object?> body) => type.Members[name] = new NativeFunction(name, (m, a) => new(body((PythonObject)a.Values[0]!, (DateTimeOffset)((PythonObject)a.Values[0]!).Native!, a)));
        Add("__str__", (self, at, a) => self.Members["__text"]);
        Add("isoformat", (self, at, a) => ((string)self.Members["__text"]!).Replace(' ', 'T'));
        Add("strftime", (self, at, a) => Dates.Format(a.Text(1), at));
        Add("timestamp", (self, at, a) => (at - DateTimeOffset.UnixEpoch).TotalSeconds);
        Add("weekday", (self, at, a) => (BigInteger)(((int)at.DayOfWeek + 6) % 7));
        Add("date", (self, at, a) => Moment(at, isDate: true));
        Add("__sub__", (self, at, a) => a.Need(1) is PythonObject { Native: DateTimeOffset other } ? (at - other).TotalSeconds : throw PythonErrors.Type("unsupported operand type(s) for -"));
        return type;
    }
}
