package dev.backstep.engine.tensor;

/**
 * Doubles as Python writes them: rounded exactly, halves to the even digit, on every platform alike. A double is a
 * finite decimal; its digits are worked out in full and only then rounded.
 */
final class Decimal {
    private static final int LIMB = 1_000_000_000;
    private static final int LIMB_DIGITS = 9;
    /** The largest power of five below 2^30, and which it is. */
    private static final int FIVES = 1_220_703_125;
    private static final int FIVES_POWER = 13;
    private static final int TWOS_POWER = 30;
    private static final int FRACTION_BITS = 52;
    private static final long HIDDEN_BIT = 1L << FRACTION_BITS;
    private static final int MAX_DIGITS = 17;
    /** Python's {@code repr} writes an exponent from here on, and below the other one. */
    private static final int REPR_HIGH = 16;
    private static final int REPR_LOW = -4;

    /** All digits, without leading zeros; empty for zero. */
    private final String digits;
    /** How many of them stand before the point; negative where zeros follow it first. */
    private final int point;

    private Decimal(String digits, int point) {
        this.digits = digits;
        this.point = point;
    }

    /** Python's {@code f"{value:.<places>f}"}. */
    static String fixed(double value, int places) {
        if (!isFinite(value)) {
            return special(value);
        }
        Decimal exact = exact(value);
        String kept = exact.kept(exact.point + places);
        String rounded = "0".repeat(Math.max(places + 1 - kept.length(), 0)) + kept;
        int whole = rounded.length() - places;
        return sign(value) + rounded.substring(0, whole) + (places == 0 ? "" : "." + rounded.substring(whole));
    }

    /** Python's {@code f"{value:.<places>e}"}. */
    static String scientific(double value, int places) {
        if (!isFinite(value)) {
            return special(value);
        }
        Decimal exact = exact(value);
        if (exact.digits.isEmpty()) {
            return sign(value) + "0" + (places == 0 ? "" : "." + "0".repeat(places)) + "e+00";
        }
        String rounded = exact.kept(places + 1);
        // Rounding up may have made a digit more.
        int exponent = exact.point - 1 + rounded.length() - (places + 1);
        return sign(value) + rounded.charAt(0) + (places == 0 ? "" : "." + rounded.substring(1, places + 1))
                + exponent(exponent);
    }

    /** Python's {@code repr(value)}: the fewest digits that read back as this number. */
    static String repr(double value) {
        if (!isFinite(value)) {
            return special(value);
        }
        Decimal shortest = shortest(value);
        String digits = shortest.digits.isEmpty() ? "0" : shortest.digits;
        int point = shortest.digits.isEmpty() ? 1 : shortest.point;
        if (point > REPR_HIGH || point - 1 < REPR_LOW) {
            return sign(value) + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "")
                    + exponent(point - 1);
        }
        if (point <= 0) {
            return sign(value) + "0." + "0".repeat(-point) + digits;
        }
        return sign(value) + (digits.length() <= point ? digits + "0".repeat(point - digits.length()) + ".0"
                : digits.substring(0, point) + "." + digits.substring(point));
    }

    private static boolean isFinite(double value) {
        return Math.abs(value) <= Double.MAX_VALUE;
    }

    private static String special(double value) {
        return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }

    private static String sign(double value) {
        return value < 0 || 1 / value < 0 ? "-" : "";
    }

    private static String exponent(int exponent) {
        int size = Math.abs(exponent);
        return (exponent < 0 ? "e-" : "e+") + (size < 10 ? "0" : "") + size;
    }

    /** All digits of {@code |value|}. */
    private static Decimal exact(double value) {
        return exact(mantissa(value), binaryExponent(value));
    }

    private static long mantissa(double value) {
        long bits = Double.doubleToLongBits(value);
        long fraction = bits & (HIDDEN_BIT - 1);
        return (bits >>> FRACTION_BITS & 0x7ff) == 0 ? fraction : fraction | HIDDEN_BIT;
    }

    private static int binaryExponent(double value) {
        int biased = (int) (Double.doubleToLongBits(value) >>> FRACTION_BITS & 0x7ff);
        return Math.max(biased, 1) - 0x3ff - FRACTION_BITS;
    }

    /** The digits of {@code mantissa * 2^exponent}; a negative power of two is a power of five behind the point. */
    private static Decimal exact(long mantissa, int exponent) {
        if (mantissa == 0) {
            return new Decimal("", 0);
        }
        long odd = mantissa;
        int power = exponent;
        while (power < 0 && (odd & 1) == 0) {
            odd >>= 1;
            power++;
        }
        // A limb for each 9 digits: 1.8 binary digits make one decimal digit at the least.
        int[] limbs = new int[4 + Math.abs(power) / LIMB_DIGITS];
        int count = 0;
        for (long rest = odd; rest != 0; rest /= LIMB) {
            limbs[count++] = (int) (rest % LIMB);
        }
        for (int left = power; left > 0; left -= TWOS_POWER) {
            count = multiply(limbs, count, 1 << Math.min(left, TWOS_POWER));
        }
        for (int left = -power; left > 0; left -= FIVES_POWER) {
            int factor = FIVES;
            for (int i = left; i < FIVES_POWER; i++) {
                factor /= 5;
            }
            count = multiply(limbs, count, factor);
        }
        StringBuilder text = new StringBuilder();
        for (int i = count - 1; i >= 0; i--) {
            String limb = Integer.toString(limbs[i]);
            text.append(i == count - 1 ? "" : "0".repeat(LIMB_DIGITS - limb.length())).append(limb);
        }
        return new Decimal(text.toString(), text.length() - Math.max(-power, 0));
    }

    private static int multiply(int[] limbs, int count, int factor) {
        long carry = 0;
        for (int i = 0; i < count; i++) {
            long product = (long) limbs[i] * factor + carry;
            limbs[i] = (int) (product % LIMB);
            carry = product / LIMB;
        }
        int size = count;
        for (; carry != 0; carry /= LIMB) {
            limbs[size++] = (int) (carry % LIMB);
        }
        return size;
    }

    /** The first so many digits, rounded by those after them; one more where rounding made one, none below zero. */
    private String kept(int count) {
        if (count >= digits.length()) {
            return digits + "0".repeat(count - digits.length());
        }
        String head = count > 0 ? digits.substring(0, count) : "";
        return count >= 0 && roundsUp(count) ? plusOne(head) : head;
    }

    private boolean roundsUp(int kept) {
        char next = digits.charAt(kept);
        if (next != '5') {
            return next > '5';
        }
        for (int i = kept + 1; i < digits.length(); i++) {
            if (digits.charAt(i) != '0') {
                return true;
            }
        }
        return kept > 0 && (digits.charAt(kept - 1) - '0') % 2 == 1;
    }

    private static String plusOne(String number) {
        int nines = number.length();
        while (nines > 0 && number.charAt(nines - 1) == '9') {
            nines--;
        }
        String zeros = "0".repeat(number.length() - nines);
        return nines == 0 ? "1" + zeros
                : number.substring(0, nines - 1) + (char) (number.charAt(nines - 1) + 1) + zeros;
    }

    private static Decimal shortest(double value) {
        long mantissa = mantissa(value);
        int exponent = binaryExponent(value);
        Decimal exact = exact(mantissa, exponent);
        if (mantissa == 0) {
            return exact;
        }
        // Whatever lies between the middles to both neighbours reads back as this number; below a power of two the
        // neighbour is nearer.
        boolean nearer = mantissa == HIDDEN_BIT && exponent > 1 - 0x3ff - FRACTION_BITS;
        Decimal low = nearer ? exact(4 * mantissa - 1, exponent - 2) : exact(2 * mantissa - 1, exponent - 1);
        Decimal high = exact(2 * mantissa + 1, exponent - 1);
        int allowed = mantissa % 2 == 0 ? 0 : -1;
        for (int count = 1; count < MAX_DIGITS; count++) {
            Decimal candidate = exact.first(count);
            if (low.compareTo(candidate) <= allowed && candidate.compareTo(high) <= allowed) {
                return candidate;
            }
        }
        return exact.first(MAX_DIGITS);
    }

    /** This number rounded to so many digits. */
    private Decimal first(int count) {
        String rounded = kept(count);
        int end = rounded.length();
        while (rounded.charAt(end - 1) == '0') {
            end--;
        }
        return new Decimal(rounded.substring(0, end), point + rounded.length() - count);
    }

    private int compareTo(Decimal other) {
        if (point != other.point) {
            return point < other.point ? -1 : 1;
        }
        int length = Math.max(digits.length(), other.digits.length());
        for (int i = 0; i < length; i++) {
            int difference = digit(i) - other.digit(i);
            if (difference != 0) {
                return difference < 0 ? -1 : 1;
            }
        }
        return 0;
    }

    private int digit(int i) {
        return i < digits.length() ? digits.charAt(i) - '0' : 0;
    }
}
