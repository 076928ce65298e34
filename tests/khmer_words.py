"""Forty Khmer words whose glyphs stand in another order than their letters."""

# Subscripts and two of them, subscript ro, vowels in two and three parts, shifters and signs above.
WORDS = (
    "ក្រសួង ឧស្សាហកម្ម វិទ្យាសាស្ត្រ បច្ចេកវិទ្យា នវានុវត្តន៍ ភ្នំពេញ ខ្មែរ កម្ពុជា ស្ត្រី ប្រទេស "
    "ខេត្តព្រះសីហនុ ត្រីមាស គ្រឿងចក្រ ស្រូវ ប្រាក់ ព្រៃវែង ទ្រព្យ ច្រើន ជ្រើស ក្រៅ "
    "ធ្វើការ គ្រោះ ស្លៀក ស្បៀង គ្នា ខ្ញុំ ញ៉ាំ ម៉ោង ប៉ុន្តែ ស៊ី "
    "អង្គការ សង្គ្រាម យុទ្ធសាស្ត្រ សម្ភារៈ ផ្គត់ផ្គង់ ឃ្លាំង សហគ្រាស តម្លៃ លក្ខខណ្ឌ សន្ធិ"
).split()
